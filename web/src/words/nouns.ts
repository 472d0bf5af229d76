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
  judge: () => t("Judging findings anew"),
  retention: () => t("Deleting what is too old"),
};
const STATE: Names = {
  queued: () => t("Waiting"),
  running: () => t("Running"),
  done: () => t("Done"),
  failed: () => t("Failed"),
  cancelled: () => t("Cancelled"),
};
const ASSET_KIND: Names = {
  image: () => t("Image"),
  repository: () => t("Repository"),
  host: () => t("Host"),
  endpoint: () => t("Service"),
  account: () => t("Cloud account"),
  resource: () => t("Cloud resource"),
  cluster: () => t("Cluster"),
  sbom: () => t("SBOM"),
  unknown: () => t("Of unknown kind"),
};
const EXPOSURE: Names = {
  open: () => t("Reachable by anybody"),
  controlled: () => t("Reachable from a controlled network"),
  small: () => t("Hardly reachable"),
  unknown: () => t("Not known"),
};
const CRITICALITY: Names = {
  high: () => t("Matters much"),
  medium: () => t("Matters"),
  low: () => t("Matters little"),
  unknown: () => t("Not known"),
};
const OUTCOME: Names = {
  complete: () => t("Complete"),
  partial: () => t("Partial"),
  failed: () => t("Failed"),
  skipped: () => t("Left out"),
};

function nameIn(names: Names): (value: string) => string {
  return (value) => names[value]?.() ?? value;
}

export const severityName = nameIn(SEVERITY);
export const decisionName = nameIn(DECISION);
export const kindName = nameIn(KIND);
export const statusName = nameIn(STATUS);
export const jobName = nameIn(JOB);
export const assetKindName = nameIn(ASSET_KIND);
export const exposureName = nameIn(EXPOSURE);
export const criticalityName = nameIn(CRITICALITY);
export const outcomeName = nameIn(OUTCOME);
export const stateName = nameIn(STATE);

const STAGE: Names = {
  reading: () => t("reading the report"),
  merging: () => t("merging what was said"),
};

/** What a job does now; a stage without words of its own is a scanner that runs. */
export function stageName(stage: string): string {
  return STAGE[stage]?.() ?? (stage ? t("running {name}", { name: stage }) : "");
}

/** "yes" and "no" of a field that is one or the other, or not known. */
export function flagName(value: string): string {
  if (value === "true") return t("Yes");
  return value === "false" ? t("No") : t("Unknown");
}
