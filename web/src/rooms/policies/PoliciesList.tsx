import { Badge, Button } from "@mantine/core";
import { Scale } from "lucide-react";
import { Link, useNavigate } from "react-router";
import type { Shape } from "@/api/client";
import { useSession } from "@/api/session";
import { Empty } from "@/pieces/Empty";
import { List } from "@/pieces/list/List";
import type { Column } from "@/pieces/list/types";
import { When } from "@/pieces/When";
import { t } from "@/words/words";
import styles from "./policies.module.css";

type Row = Shape<"Policy">;

/** What gates let through, as this tenant wrote it. */
export default function PoliciesList() {
  const { can } = useSession();
  const navigate = useNavigate();
  const write = can("policies:write") && (
    <Button component={Link} to="/policies/new">
      {t("Write a policy")}
    </Button>
  );
  return (
    <List<Row>
      noun="policies"
      title={t("Policies")}
      path="/api/v1/policies"
      columns={COLUMNS()}
      views={[{ name: t("All policies"), query: "sort=name" }]}
      rowName={(row) => row.name}
      narrow={(row) => (
        <div className={styles.card}>
          <Name row={row} />
          <span className="soft">{row.description}</span>
        </div>
      )}
      onOpen={(row) => void navigate(`/policies/${row.id}`)}
      actions={write}
      empty={
        <Empty
          title={t("What may ship, and what stops it?")}
          icon={<Scale size={36} />}
          step={write || undefined}
        >
          <p>
            {t(
              "Gates judge by the ready-made policy “balanced” until you write your own. Begin from a ready-made one, and try it on today's findings before you keep it.",
            )}
          </p>
        </Empty>
      }
    />
  );
}

const COLUMNS = (): Column<Row>[] => [
  {
    id: "name",
    title: t("Policy"),
    fields: ["name", "is_default"],
    width: 200,
    grow: 1,
    sort: "name",
    cell: (row) => <Name row={row} />,
  },
  {
    id: "description",
    title: t("Description"),
    fields: ["description"],
    width: 240,
    grow: 3,
    cell: (row) => row.description,
  },
  {
    id: "updated_at",
    title: t("Last changed"),
    fields: ["updated_at"],
    width: 170,
    sort: "updated_at",
    cell: (row) => <When at={row.updated_at} />,
  },
];

function Name({ row }: { row: Row }) {
  return (
    <span className={styles.name}>
      <strong>{row.name}</strong>
      {row.is_default && (
        <Badge size="sm" variant="default">
          {t("Default")}
        </Badge>
      )}
    </span>
  );
}
