import type { Shape } from "@/api/client";
import { Empty } from "@/pieces/Empty";
import { List } from "@/pieces/list/List";
import type { Column } from "@/pieces/list/types";
import { State } from "@/pieces/State";
import { When } from "@/pieces/When";
import { jobName, stageName, stateName } from "@/words/nouns";
import { percentOf, t } from "@/words/words";
import styles from "../shared/settings.module.css";
import { Health } from "./Health";
import { JobDrawer } from "./JobDrawer";

type Row = Shape<"ListedJob">;

/** What goes on in the background, what failed, and whether every part answers. */
export default function Jobs() {
  return (
    <List<Row>
      noun="jobs"
      title={t("Jobs and health")}
      path="/api/v1/jobs"
      columns={COLUMNS()}
      facets={[
        { field: "state", title: t("Status"), name: stateName },
        { field: "kind", title: t("Kind"), name: jobName },
      ]}
      views={[
        { name: t("Everything"), query: "sort=-created_at" },
        { name: t("Going on"), query: "state=queued,running&sort=-created_at" },
        { name: t("Failures"), query: "state=failed&sort=-created_at" },
      ]}
      rowName={(row) => `${jobName(row.kind ?? "")} ${stateName(row.state ?? "")}`}
      fields={["kind", "state", "created_at", "progress", "stage"]}
      hint={t("state:failed, kind:scan")}
      actions={<Health />}
      narrow={(row) => (
        <span className={styles.two}>
          <strong>{jobName(row.kind ?? "")}</strong>
          <span>
            <JobState row={row} /> · <When at={row.created_at} />
          </span>
        </span>
      )}
      drawer={(open) => <JobDrawer key={open.id} {...open} />}
      empty={
        <Empty title={t("Nothing has been done in the background yet")}>
          {t("Scans, imports and reports are made by jobs; they stand here while they go on.")}
        </Empty>
      }
    />
  );
}

/** How a job stands, and how far it is. */
export function JobState({ row }: { row: Pick<Row, "state" | "progress"> }) {
  const isKnown = row.state === "running" && typeof row.progress === "number";
  return <State value={row.state} more={isKnown ? percentOf(row.progress ?? 0) : ""} />;
}

const COLUMNS = (): Column<Row>[] => [
  {
    id: "kind",
    title: t("Job"),
    fields: ["kind", "stage"],
    width: 150,
    grow: 2,
    cell: (row) => (
      <>
        <strong>{jobName(row.kind ?? "")}</strong>{" "}
        <span className="soft">{row.state === "running" ? stageName(row.stage ?? "") : ""}</span>
      </>
    ),
  },
  {
    id: "state",
    title: t("Status"),
    fields: ["state", "progress"],
    width: 140,
    cell: (row) => <JobState row={row} />,
  },
  {
    id: "actor",
    title: t("Asked for by"),
    fields: ["actor"],
    width: 150,
    grow: 1,
    cell: (row) => row.actor,
  },
  {
    id: "attempts",
    title: t("Attempts"),
    fields: ["attempts"],
    width: 100,
    numeric: true,
    cell: (row) => row.attempts,
  },
  {
    id: "created_at",
    title: t("Asked for"),
    fields: ["created_at"],
    width: 130,
    sort: "created_at",
    cell: (row) => <When at={row.created_at} />,
  },
  {
    id: "ended_at",
    title: t("Ended"),
    fields: ["ended_at"],
    width: 130,
    cell: (row) => (row.ended_at ? <When at={row.ended_at} /> : <span className="soft">–</span>),
  },
];
