import { Button } from "@mantine/core";
import { useMemo } from "react";
import { Link } from "react-router";
import { useSession } from "@/api/session";
import { Empty } from "@/pieces/Empty";
import { Export } from "@/pieces/list/Export";
import { List } from "@/pieces/list/List";
import { t } from "@/words/words";
import { calledOf } from "./Assign";
import { bulkActions } from "./actions";
import { useAsking } from "./asking";
import { COLUMNS, FACETS, type Row, rowName, VIEWS } from "./columns";
import { FindingCard } from "./FindingCard";
import { FindingDrawer } from "./FindingDrawer";

/** Every finding of the tenant, the weightiest first. */
export default function Findings() {
  const { me, can } = useSession();
  const { ask, dialog } = useAsking();
  const mayTriage = can("findings:triage");
  const bulk = useMemo(() => (mayTriage ? bulkActions(ask) : []), [mayTriage, ask]);
  return (
    <>
      <List<Row>
        noun="findings"
        title={t("Findings")}
        path="/api/v1/findings"
        columns={COLUMNS()}
        facets={FACETS()}
        views={VIEWS(calledOf(me))}
        narrow={(row) => <FindingCard row={row} />}
        rowName={rowName}
        fields={["rule", "component", "asset", "severity", "status", "revision"]}
        hint={t("Words, or field:value, as in severity:critical asset~shop")}
        bulk={bulk}
        actions={<ExportFindings />}
        drawer={(open) => <FindingDrawer key={open.id} {...open} />}
        empty={<NoFindings />}
      />
      {dialog}
    </>
  );
}

function ExportFindings() {
  return (
    <Export
      path="/api/v1/findings/export"
      name="findings"
      said={t("The findings are saved")}
      forms={[
        ["csv", t("CSV, for a spreadsheet")],
        ["jsonl", t("JSON lines, for a program")],
      ]}
    />
  );
}

function NoFindings() {
  return (
    <Empty
      title={t("No findings yet")}
      step={
        <Button component={Link} to="/imports">
          {t("Import a report")}
        </Button>
      }
    >
      <p>
        {t(
          "Findings come from scans and from reports of the scanners that you have. Nothing was found because nothing was looked at: that is unknown, not safe.",
        )}
      </p>
    </Empty>
  );
}
