import { Button } from "@mantine/core";
import { Link, Navigate, useNavigate, useSearchParams } from "react-router";
import { Empty } from "@/pieces/Empty";
import { List } from "@/pieces/list/List";
import { t } from "@/words/words";
import styles from "./assets.module.css";
import { Counts } from "./Counts";
import { COLUMNS, FACETS, type Row, VIEWS } from "./columns";
import { LookedAt } from "./LookedAt";

/** Everything that is looked after. */
export default function Assets() {
  const navigate = useNavigate();
  const [address] = useSearchParams();
  const shown = address.get("show");
  if (shown) return <Navigate to={`/assets/${shown}`} replace />;
  return (
    <List<Row>
      noun="assets"
      title={t("Assets")}
      path="/api/v1/assets"
      columns={COLUMNS()}
      facets={FACETS()}
      views={VIEWS()}
      fields={["name", "kind", "by_severity", "looked_at"]}
      rowName={(row) => row.name ?? ""}
      narrow={(row) => (
        <div className={styles.card}>
          <strong>{row.name}</strong>
          <div>
            <Counts inRow asset={row.id} counts={row.by_severity} isUnseen={!row.looked_at} />{" "}
            <LookedAt at={row.looked_at} />
          </div>
        </div>
      )}
      hint={t("Words, or field:value, as in kind:image component:openssl")}
      onOpen={(row) => void navigate(`/assets/${row.id}`)}
      empty={<NoAssets />}
    />
  );
}

function NoAssets() {
  return (
    <Empty
      title={t("What do we have?")}
      step={
        <Button component={Link} to="/imports">
          {t("Import a report")}
        </Button>
      }
    >
      <p>
        {t(
          "Images, repositories, hosts and services with their components, their owners and when each was last looked at.",
        )}
      </p>
    </Empty>
  );
}
