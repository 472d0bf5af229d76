import { t } from "@/words/words";

/** Nouns that a tenant may shorten. Scans go with imports; requests are kept for a day. */
export const CLAUSES = new Set([
  "findings",
  "observations",
  "runs",
  "imports",
  "events",
  "reports",
  "jobs",
  "deliveries",
  "sessions",
]);

const NAMES: Record<string, () => string> = {
  findings: () => t("Closed findings"),
  observations: () => t("What scanners said of closed findings"),
  runs: () => t("Runs of scanners"),
  scans: () => t("Ended scans"),
  imports: () => t("Ended imports"),
  events: () => t("Events"),
  reports: () => t("Made reports"),
  deliveries: () => t("Ended deliveries"),
  jobs: () => t("Ended jobs"),
  sessions: () => t("Ended sessions"),
  idempotency: () => t("Answers for repeated requests"),
};

export const nounName = (noun: string) => NAMES[noun]?.() ?? noun;

type Days = Record<string, number | null | undefined>;

/** The days to set once what was typed is taken over; undefined when nothing changes. What was
 * emptied is the operator's again. */
export function changedDays(own: Days, typed: Days): Record<string, number | null> | undefined {
  const next: Record<string, number | null> = {};
  for (const [noun, days] of Object.entries({ ...own, ...typed })) {
    if (days !== undefined && days !== null) next[noun] = days;
  }
  const same = [...new Set([...Object.keys(own), ...Object.keys(next)])].every(
    (noun) => (own[noun] ?? null) === (next[noun] ?? null),
  );
  return same ? undefined : next;
}
