/** What a report may be about: filters of the findings under a name. */
import { t } from "@/words/words";

const FILTERS: Record<string, Record<string, string>> = {
  open: { counts: "true" },
  now: { counts: "true", decision: "act now" },
  grave: { counts: "true", severity: "critical,high" },
  fixable: { counts: "true", fixable: "true" },
  exploited: { counts: "true", kev: "true" },
  aside: { status: "suppressed,not_affected" },
  all: {},
};

export const CONTENTS = Object.keys(FILTERS);

export function contentName(content: string): string {
  const names: Record<string, () => string> = {
    open: () => t("All open findings"),
    now: () => t("What has to be done now"),
    grave: () => t("Open findings, critical and high"),
    fixable: () => t("Open findings that have a fix"),
    exploited: () => t("Open findings known to be exploited"),
    aside: () => t("What was set aside"),
    all: () => t("Everything, also what is fixed"),
  };
  return names[content]?.() ?? content;
}

/** As the API takes them; `asset` is part of a name, "" for every asset. */
export function filtersOf(content: string, asset: string): Record<string, string> {
  const name = asset.trim();
  return { ...FILTERS[content], ...(name ? { "asset.has": name } : {}) };
}
