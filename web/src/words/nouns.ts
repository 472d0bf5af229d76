/** The words of the API's own values. What is not known here is shown as it came. */
import { t } from "./words";

export const SEVERITIES = ["critical", "high", "medium", "low", "none", "unknown"] as const;
export type Severity = (typeof SEVERITIES)[number];

type Names = Record<string, () => string>;

const SEVERITY: Names = {
  critical: () => t("Critical"),
  high: () => t("High"),
  medium: () => t("Medium"),
  low: () => t("Low"),
  none: () => t("No severity"),
  unknown: () => t("Unknown"),
};
const DECISION: Names = {
  "act now": () => t("Act now"),
  plan: () => t("Plan"),
  watch: () => t("Keep watching"),
  accept: () => t("Accept"),
};
const KIND: Names = {
  vulnerability: () => t("Vulnerability"),
  weakness: () => t("Weakness"),
  misconfiguration: () => t("Misconfiguration"),
  secret: () => t("Secret"),
  licence: () => t("Licence"),
  detection: () => t("Detection"),
  control: () => t("Control"),
};
const STATUS: Names = {
  open: () => t("Open"),
  under_investigation: () => t("Under investigation"),
  not_affected: () => t("Not affected"),
  fixed: () => t("Fixed"),
  suppressed: () => t("Suppressed"),
};
const JOB: Names = {
  import: () => t("Import"),
  scan: () => t("Scan"),
  report: () => t("Report"),
};
const STATE: Names = {
  queued: () => t("Waiting"),
  running: () => t("Running"),
  done: () => t("Done"),
  failed: () => t("Failed"),
  cancelled: () => t("Cancelled"),
};

function nameIn(names: Names): (value: string) => string {
  return (value) => names[value]?.() ?? value;
}

export const severityName = nameIn(SEVERITY);
export const decisionName = nameIn(DECISION);
export const kindName = nameIn(KIND);
export const statusName = nameIn(STATUS);
export const jobName = nameIn(JOB);
export const stateName = nameIn(STATE);

/** "yes" and "no" of a field that is one or the other, or not known. */
export function flagName(value: string): string {
  if (value === "true") return t("Yes");
  return value === "false" ? t("No") : t("Unknown");
}
