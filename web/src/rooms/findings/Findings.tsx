import { Button } from "@mantine/core";
import { useMemo, useState } from "react";
import { Link } from "react-router";
import { useSession } from "@/api/session";
import { Empty } from "@/pieces/Empty";
import { List } from "@/pieces/list/List";
import type { Done, Selection } from "@/pieces/list/types";
import { t } from "@/words/words";
import { bulkActions } from "./actions";
import { COLUMNS, FACETS, type Row, rowName, VIEWS } from "./columns";
import { FindingCard } from "./FindingCard";
import { FindingDrawer } from "./FindingDrawer";
import { SetAside } from "./SetAside";

/** What a dialog was opened for, and who waits for its answer. */
interface Asking {
  selection: Selection;
  answer: (done: Done | undefined) => void;
}

/** Every finding of the tenant, the weightiest first. */
export default function Findings() {
  const { can } = useSession();
  const [asking, setAsking] = useState<Asking>();
  const mayTriage = can("findings:triage");
  const bulk = useMemo(() => {
    if (!mayTriage) return [];
    const ask = (selection: Selection) =>
      new Promise<Done | undefined>((answer) => setAsking({ selection, answer }));
    return bulkActions(ask);
  }, [mayTriage]);
  const finish = (done: Done | undefined) => {
    asking?.answer(done);
    setAsking(undefined);
  };
  return (
    <>
      <List<Row>
        noun="findings"
        title={t("Findings")}
        path="/api/v1/findings"
        columns={COLUMNS()}
        facets={FACETS()}
        views={VIEWS()}
        narrow={(row) => <FindingCard row={row} />}
        rowName={rowName}
        fields={["rule", "component", "asset", "severity", "status", "revision"]}
        hint={t("Words, or field:value, as in severity:critical asset~shop")}
        bulk={bulk}
        drawer={(open) => <FindingDrawer key={open.id} {...open} />}
        empty={<NoFindings />}
      />
      {asking && <SetAside selection={asking.selection} onDone={finish} />}
    </>
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
