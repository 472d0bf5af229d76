/** What the first screen says, from what the API tells. */
import { api, held, type Shape } from "@/api/client";
import { numberOf, t, tn } from "@/words/words";

export type Overview = Shape<"Overview">;
export type Need = Shape<"Need">;

export const OVERVIEW = {
  queryKey: ["overview"],
  queryFn: () => held(api.GET("/api/v1/overview", { params: { query: { days: 30 } } })),
};

/** Whether nothing was ever looked at: then there is one next step. */
export function isFresh(overview: Overview): boolean {
  return overview.coverage.assets === 0 && overview.counts.total === 0;
}

/** The first sentence: how much needs somebody today. */
export function sentenceOf(overview: Overview): string {
  const urgent = overview.needs.filter((need) => need.finding.decision === "act now").length;
  if (urgent > 0) return urgentOf(urgent, overview);
  if (overview.counts.total > 0) return t("Nothing needs you today.");
  return unseenOf(overview) > 0
    ? t("Nothing is open where somebody looked.")
    : t("Nothing is open.");
}

function urgentOf(urgent: number, overview: Overview): string {
  const most = overview.needs.length;
  if (urgent === most && most >= 5 && (overview.counts.by_decision["act now"] ?? 0) > most) {
    return t("More than five things need you: begin with these.");
  }
  const said = [
    t("One thing needs you today."),
    t("Two things need you today."),
    t("Three things need you today."),
    t("Four things need you today."),
    t("Five things need you today."),
  ];
  return said[urgent - 1] ?? t("{count} things need you today.", { count: numberOf(urgent) });
}

/** Assets that nobody has looked at lately, or ever. */
export function unseenOf({ coverage }: Overview): number {
  return coverage.never + coverage.stale;
}

/** What one step is called. */
export function stepOf({ finding }: Need): string {
  const { component, rule, fix_version: version } = finding;
  if (component && version)
    return t("Upgrade {name} to {version}", { name: component.name, version });
  return rule?.title || rule?.name || "";
}

/** Where all that a need holds together is listed. */
export function rowsOf(need: Need): string {
  const id = need.by === "component_id" ? need.finding.component_id : need.finding.rule_id;
  return `/findings?counts=true&${need.by}=${id}&sort=-score`;
}

/** How far it reaches, in words. */
export function reachOf(need: Need): string {
  const findings = tn(need.findings, "{count} finding", "{count} findings");
  return need.assets === 1
    ? findings
    : `${findings} · ${tn(need.assets, "{count} asset", "{count} assets")}`;
}

/** How many findings counted each day; null before anything was known, for that is unknown and
 * not zero. */
export function riskOf(risk: Overview["risk"]): (number | null)[] {
  const from = risk.findIndex((day) => day.open + day.new + day.closed > 0);
  return risk.map((day, at) => (from < 0 || at < from ? null : day.open));
}

/** Where the findings are listed that a day of the line tells of: those open now, that came on it,
 * that went on it. Of those that were open on a day gone by there is no list. */
export function rowsOfDay(risk: Overview["risk"], at: number, what: "open" | "came" | "went") {
  const day = risk[at]?.day;
  if (!day || riskOf(risk)[at] === null) return undefined;
  if (what !== "open") return `/findings?${what}_on=${day}&sort=-score`;
  return at === risk.length - 1 ? "/findings?counts=true&sort=-score" : undefined;
}

/** A time as it stands in an address. */
export function moment(at: string): string {
  return at.replace(/\.\d+Z$/, "Z");
}
