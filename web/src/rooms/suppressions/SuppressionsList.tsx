import { Button, Menu } from "@mantine/core";
import { FileDown, FileUp } from "lucide-react";
import { Link } from "react-router";
import { useSession } from "@/api/session";
import { download } from "@/pieces/download";
import { Empty } from "@/pieces/Empty";
import { List } from "@/pieces/list/List";
import { toastProblem } from "@/pieces/Toasts";
import { statusName } from "@/words/nouns";
import { t } from "@/words/words";
import { bulkActions } from "./actions";
import { COLUMNS, FACETS, type Row, rowName, scopeName, Until, VIEWS } from "./columns";
import { SuppressionDrawer } from "./SuppressionDrawer";
import styles from "./suppressions.module.css";

/** Every decision to set findings aside: what, how far, who, why and until when. */
export default function SuppressionsList() {
  const { can } = useSession();
  return (
    <List<Row>
      noun="suppressions"
      title={t("Suppressions")}
      path="/api/v1/suppressions"
      columns={COLUMNS()}
      facets={FACETS()}
      views={VIEWS()}
      fields={["rule", "component", "status", "reason", "revision"]}
      rowName={rowName}
      narrow={(row) => <Card row={row} />}
      hint={t("Words, or field:value, as in scope:tenant owner~ada")}
      bulk={can("findings:triage") ? bulkActions() : []}
      drawer={(open) => <SuppressionDrawer key={open.id} {...open} />}
      actions={<Vex />}
      empty={<Nothing />}
    />
  );
}

function Card({ row }: { row: Row }) {
  return (
    <div className={styles.card}>
      <div>
        <strong>{row.rule}</strong>
        <span>{statusName(row.status)}</span>
      </div>
      <div className="soft">
        {scopeName(row.scope)} · <Until row={row} />
      </div>
    </div>
  );
}

const FORMS = [
  { format: "openvex", name: "OpenVEX", file: "vigie.openvex.json" },
  { format: "cyclonedx", name: "CycloneDX", file: "vigie.cdx.json" },
];

/** The decisions for others, and others' for us. */
function Vex() {
  const { can } = useSession();
  const save = (format: string, name: string) =>
    void download(`/api/v1/vex?format=${format}`, name).catch(toastProblem);
  return (
    <>
      {can("imports:write") && (
        <Button
          component={Link}
          to="/imports"
          variant="default"
          leftSection={<FileUp size={15} aria-hidden />}
        >
          {t("Import VEX")}
        </Button>
      )}
      <Menu position="bottom-end">
        <Menu.Target>
          <Button variant="default" leftSection={<FileDown size={15} aria-hidden />}>
            {t("Export VEX")}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {FORMS.map((one) => (
            <Menu.Item key={one.format} onClick={() => save(one.format, one.file)}>
              {one.name}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
    </>
  );
}

function Nothing() {
  return (
    <Empty
      title={t("Nothing was set aside")}
      step={
        <Button component={Link} to="/findings">
          {t("See the findings")}
        </Button>
      }
    >
      <p>
        {t(
          "Choose findings and press w to waive them for a time, or to say why they do not affect you. Each decision stands here with its reason and its end, and can be taken back.",
        )}
      </p>
    </Empty>
  );
}
