import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { ShieldCheck } from "lucide-react";
import { useState } from "react";
import { api, held, type Shape } from "@/api/client";
import { problemFrom } from "@/api/problems";
import { Copyable } from "@/pieces/Copyable";
import { Drawer, DrawerSection, Facts } from "@/pieces/Drawer";
import { Empty } from "@/pieces/Empty";
import { Export } from "@/pieces/list/Export";
import { List } from "@/pieces/list/List";
import { fetchPage } from "@/pieces/list/rows";
import type { Column, OpenRow } from "@/pieces/list/types";
import { ProblemView } from "@/pieces/ProblemView";
import { State } from "@/pieces/State";
import { toastProblem } from "@/pieces/Toasts";
import { Waiting } from "@/pieces/Waiting";
import { When } from "@/pieces/When";
import { exactTime, t, tn } from "@/words/words";
import { Once } from "../shared/Dialog";
import styles from "../shared/settings.module.css";
import { actionName, subjectName } from "./actions";

/** The log's own ids are numbers: places in the chain. */
type Row = Omit<Shape<"ListedAuditEntry">, "id"> & { id?: string };

/** Who did what, and the proof that nobody changed it. */
export default function Audit() {
  const [busy, setBusy] = useState(false);
  const [verdict, setVerdict] = useState<Shape<"AuditVerdict">>();
  const verify = async () => {
    setBusy(true);
    try {
      setVerdict(await held(api.GET("/api/v1/audit/verify")));
    } catch (thrown) {
      toastProblem(thrown);
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <List<Row>
        noun="audit"
        title={t("Audit log")}
        path="/api/v1/audit"
        columns={COLUMNS()}
        facets={[
          { field: "action", title: t("Action"), name: actionName },
          { field: "actor", title: t("Who") },
          { field: "outcome", title: t("Outcome"), name: outcomeName },
          { field: "subject_kind", title: t("About"), name: subjectName },
        ]}
        views={[
          { name: t("Everything"), query: "sort=-id" },
          { name: t("Turned away"), query: "outcome=refused&sort=-id" },
        ]}
        rowName={(row) => `${actionName(row.action ?? "")} ${row.actor}`}
        fields={["action", "actor", "outcome", "at"]}
        hint={t("Words, or action:user.create actor:Ada")}
        actions={
          <>
            <Export
              path="/api/v1/audit/export"
              name="audit"
              said={t("The log is saved")}
              forms={[
                ["jsonl", t("JSON lines, with the chain")],
                ["csv", t("CSV, for a spreadsheet")],
                ["syslog", t("Syslog messages (RFC 5424)")],
              ]}
            />
            <Button
              loading={busy}
              leftSection={<ShieldCheck size={15} aria-hidden />}
              onClick={() => void verify()}
            >
              {t("Verify the log")}
            </Button>
          </>
        }
        narrow={(row) => (
          <span className={styles.two}>
            <strong>{actionName(row.action ?? "")}</strong>
            <span className="soft">
              {row.actor} · <When at={row.at} />
            </span>
          </span>
        )}
        drawer={(open) => <EntryDrawer key={open.id} {...open} />}
        empty={<Empty title={t("Nothing is written down yet")} />}
      />
      {verdict && <Verdict verdict={verdict} onClose={() => setVerdict(undefined)} />}
    </>
  );
}

function Verdict(props: { verdict: Shape<"AuditVerdict">; onClose: () => void }) {
  const { verdict, onClose } = props;
  return (
    <Once
      does={t("Close")}
      title={verdict.whole ? t("✓ The log is whole") : t("✗ The log was changed")}
      onClose={onClose}
    >
      <p className={verdict.whole ? styles.fine : styles.bad}>
        {tn(
          verdict.entries,
          "{count} entry was read from the first on; each holds the fingerprint of the one before.",
          "{count} entries were read from the first on; each holds the fingerprint of the one before.",
        )}
      </p>
      <p>
        {verdict.checkpoints === 0
          ? t("No sealed checkpoint was made yet.")
          : tn(
              verdict.checkpoints,
              "{count} sealed checkpoint agrees.",
              "{count} sealed checkpoints agree.",
            )}
      </p>
      {verdict.problems.length > 0 && (
        <ul>
          {verdict.problems.map((problem) => (
            <li key={problem}>{problem}</li>
          ))}
        </ul>
      )}
      <p className="soft">{t("The seal's public key, to check it elsewhere:")}</p>
      <Copyable text={verdict.key} />
    </Once>
  );
}

function EntryDrawer({ id, ...open }: OpenRow) {
  const found = useQuery({
    queryKey: ["audit", "one", id],
    queryFn: ({ signal }) =>
      fetchPage<Shape<"AuditEntry">>("/api/v1/audit", { id, limit: "1" }, signal),
    // Reading the log is written into it: what never changes is read once.
    staleTime: Number.POSITIVE_INFINITY,
  });
  const entry = found.data?.items[0];
  return (
    <Drawer
      kind={t("Entry {id}", { id })}
      title={entry ? actionName(entry.action ?? "") : t("Loading…")}
      state={entry && <Outcome value={entry.outcome} />}
      {...open}
    >
      {found.error ? (
        <ProblemView problem={problemFrom(found.error)} again={() => void found.refetch()} />
      ) : entry ? (
        <>
          <DrawerSection title={t("Details")}>
            <Facts
              facts={[
                [t("Who"), entry.actor],
                [t("When"), entry.at ? exactTime(entry.at) : ""],
                [t("About"), subjectName(entry.subject_kind ?? "")],
                [t("Action"), <code key="a">{entry.action}</code>],
                [t("Id"), entry.subject_id ? <Copyable key="s" text={entry.subject_id} /> : ""],
                [t("From address"), entry.address],
                [
                  t("Request"),
                  entry.request_id ? <Copyable key="r" text={entry.request_id} /> : "",
                ],
                [
                  t("Fingerprint"),
                  entry.hash ? <Copyable key="h" text={entry.hash} most={24} /> : "",
                ],
              ]}
            />
          </DrawerSection>
          {entry.detail && Object.keys(entry.detail).length > 0 && (
            <DrawerSection title={t("What it says")}>
              <Copyable text={JSON.stringify(entry.detail, null, 2)} block />
            </DrawerSection>
          )}
        </>
      ) : (
        <Waiting />
      )}
    </Drawer>
  );
}

function outcomeName(outcome: string): string {
  return outcome === "refused" ? t("Turned away") : outcome === "done" ? t("Carried out") : outcome;
}

function Outcome({ value }: { value: string | null | undefined }) {
  return <State value={value} name={outcomeName(value ?? "")} />;
}

const COLUMNS = (): Column<Row>[] => [
  {
    id: "at",
    title: t("When"),
    fields: ["at"],
    width: 120,
    cell: (row) => <When at={row.at} />,
  },
  {
    id: "action",
    title: t("Action"),
    fields: ["action"],
    width: 200,
    grow: 2,
    cell: (row) => <strong title={row.action ?? ""}>{actionName(row.action ?? "")}</strong>,
  },
  {
    id: "actor",
    title: t("Who"),
    fields: ["actor"],
    width: 140,
    grow: 1,
    cell: (row) => row.actor,
  },
  {
    id: "subject",
    title: t("About"),
    fields: ["subject_kind", "subject_id"],
    width: 130,
    grow: 1,
    cell: (row) => <span title={row.subject_id ?? ""}>{subjectName(row.subject_kind ?? "")}</span>,
  },
  {
    id: "address",
    title: t("From address"),
    fields: ["address"],
    width: 130,
    cell: (row) => <span className="mono">{row.address}</span>,
  },
  {
    id: "outcome",
    title: t("Outcome"),
    fields: ["outcome"],
    width: 110,
    cell: (row) => <Outcome value={row.outcome} />,
  },
];
