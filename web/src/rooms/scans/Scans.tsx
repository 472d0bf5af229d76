import { Button } from "@mantine/core";
import { Play } from "lucide-react";
import { useSearchParams } from "react-router";
import type { Shape } from "@/api/client";
import { useSession } from "@/api/session";
import { Empty } from "@/pieces/Empty";
import { List } from "@/pieces/list/List";
import type { Column, Facet, View } from "@/pieces/list/types";
import { State } from "@/pieces/State";
import { When } from "@/pieces/When";
import { stateName } from "@/words/nouns";
import { t } from "@/words/words";
import { Did } from "./Did";
import { NewScan } from "./NewScan";
import { ScanDrawer } from "./ScanDrawer";
import styles from "./scans.module.css";
import { saidOf } from "./summaries";

type Row = Shape<"ListedScan">;

const COLUMNS = (): Column<Row>[] => [
  {
    id: "target",
    title: t("What is looked at"),
    fields: ["target"],
    width: 220,
    grow: 3,
    cell: (row) => (
      <strong className="mono" title={row.target ?? ""}>
        {row.target}
      </strong>
    ),
  },
  {
    id: "state",
    title: t("State"),
    fields: ["state"],
    width: 120,
    cell: (row) => <State value={row.state} />,
  },
  {
    id: "outcome",
    title: t("What it changed"),
    fields: ["summary", "import_id"],
    width: 272,
    grow: 2,
    cell: (row) => <Gist summary={row.summary} importId={row.import_id ?? ""} />,
  },
  {
    id: "actor",
    title: t("Started by"),
    fields: ["actor"],
    width: 150,
    optional: true,
    cell: (row) => row.actor,
  },
  {
    id: "created_at",
    title: t("When"),
    fields: ["created_at"],
    width: 130,
    sort: "created_at",
    cell: (row) => <When at={row.created_at} />,
  },
];

const FACETS = (): Facet[] => [{ field: "state", title: t("State"), name: stateName }];
const VIEWS = (): View[] => [
  { name: t("All scans"), query: "sort=-created_at" },
  { name: t("Under way"), query: "state=queued,running&sort=-created_at" },
  { name: t("Failed scans"), query: "state=failed&sort=-created_at" },
];

/** What came of it, in a line. */
export function Gist({ summary, importId }: { summary: unknown; importId: string }) {
  const said = saidOf(summary);
  if (!said) return null;
  if (said.error) return <span className={styles.wrong}>{said.error.message}</span>;
  if (said.isVex) return <span>{t("Statements (VEX)")}</span>;
  return (
    <span>
      <Did said={said} importId={importId} inRow />
      {!said.isWhole && (
        <>
          {" "}
          <span
            className={styles.unknown}
            title={t("Not everything was looked at. What was not is unknown, not safe.")}
          >
            {t("partial")}
          </span>
        </>
      )}
    </span>
  );
}

/** Scans, the newest first; one can be started and watched. */
export default function Scans() {
  const { can } = useSession();
  const [address, setAddress] = useSearchParams();
  const isNew = address.get("new") === "1";
  const go = (isOpen: boolean, show = "") => {
    const next = new URLSearchParams(address);
    next.delete("new");
    if (isOpen) next.set("new", "1");
    if (show) next.set("show", show);
    if (![...next.keys()].some((key) => key !== "show" && key !== "new")) {
      next.set("sort", "-created_at");
    }
    setAddress(next, { replace: true });
  };
  const start = can("scans:write") && (
    <Button leftSection={<Play size={15} aria-hidden />} onClick={() => go(true)}>
      {t("Start a scan")}
    </Button>
  );
  if (isNew) {
    return <NewScan onClose={() => go(false)} onStarted={(id) => go(false, id)} />;
  }
  return (
    <List<Row>
      noun="scans"
      title={t("Scans")}
      path="/api/v1/scans"
      columns={COLUMNS()}
      facets={FACETS()}
      views={VIEWS()}
      fields={["target", "state", "summary", "job_id", "created_at"]}
      rowName={(row) => row.target ?? ""}
      narrow={(row) => (
        <div className={styles.card}>
          <strong className="mono">{row.target}</strong>
          <div>
            <State value={row.state} /> <When at={row.created_at} />
          </div>
        </div>
      )}
      actions={start}
      drawer={(open) => <ScanDrawer key={open.id} {...open} />}
      empty={
        <Empty title={t("No scans yet")} step={start}>
          <p>
            {t(
              "Vigie looks at images, services and folders by itself, with its own engine and the scanners that are installed.",
            )}
          </p>
        </Empty>
      }
    />
  );
}
