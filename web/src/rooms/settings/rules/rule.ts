/** A notification rule in words. */
import type { Shape } from "@/api/client";
import { kindName, severityName } from "@/words/nouns";
import { t, tn } from "@/words/words";
import { cronInWords } from "../shared/cron";
import { listed, type Quiet, spanInWords } from "./hours";

export type Row = Shape<"ListedNotificationRule">;
export type Conditions = Partial<Shape<"RuleConditions">>;

const EVENTS: Record<string, () => string> = {
  "finding.new": () => t("new findings"),
  "finding.reopened": () => t("findings that came back"),
  "finding.closed": () => t("closed findings"),
  "import.finished": () => t("finished imports"),
  "import.failed": () => t("failed imports"),
  "scan.finished": () => t("finished scans"),
  "scan.failed": () => t("failed scans"),
  "waiver.expired": () => t("waivers that ran out"),
  "finding.triaged": () => t("decisions about findings"),
  "finding.revoked": () => t("decisions that were taken back"),
  "finding.commented": () => t("comments"),
  "finding.assigned": () => t("findings given to somebody"),
  "vex.imported": () => t("VEX statements that were taken in"),
  "vex.revoked": () => t("VEX statements that were taken back"),
  "policy.changed": () => t("changes of policies"),
};

export const EVENT_NAMES = Object.keys(EVENTS);
export const eventName = (event: string) => EVENTS[event]?.() ?? event;

/** "new findings, from High on · Vulnerability · on shop · at once" */
export function saidOf(rule: Asked): string {
  const when = (rule.conditions ?? {}) as Conditions;
  const parts = [(when.events ?? []).map(eventName).join(", ")];
  if (when.severity) parts.push(t("from {severity} on", { severity: severityName(when.severity) }));
  if (when.kinds?.length) parts.push(when.kinds.map(kindName).join(", "));
  if (when.assets?.length)
    parts.push(tn(when.assets.length, "on {count} asset", "on {count} assets"));
  for (const [name, values] of Object.entries(when.labels ?? {})) {
    parts.push(`${name}=${(values as string[]).join("|")}`);
  }
  if (when.hours?.length) {
    parts.push(when.hours.map(spanInWords).join(", "));
  }
  const quiet = quietOf(rule);
  if (quiet) parts.push(t("quiet {hours}", { hours: quiet.hours.map(spanInWords).join(", ") }));
  parts.push(rule.mode === "digest" ? cronInWords(rule.digest_cron ?? "") : t("at once"));
  return parts.filter(Boolean).join(" · ");
}

type Asked = Pick<Row, "conditions" | "mode" | "digest_cron" | "quiet">;

/** What a rule does, in sentences: "Ops is told at once of new findings. Only …" */
export function sentencesOf(rule: Asked, channel: string): string[] {
  const when = (rule.conditions ?? {}) as Conditions;
  const what = listed((when.events ?? []).map(eventName));
  if (!what) return [];
  const said = [
    rule.mode === "digest"
      ? t("{channel} gets a digest {when} of {what}.", {
          channel,
          when: cronInWords(rule.digest_cron ?? ""),
          what,
        })
      : t("{channel} is told at once of {what}.", { channel, what }),
  ];
  const only = onlyOf(when);
  if (only.length > 0)
    said.push(t("Only what fits all of this: {conditions}.", { conditions: only.join("; ") }));
  if (when.severity && (when.unknown ?? true)) {
    said.push(t("What nobody rated passes too."));
  }
  if (when.hours?.length) {
    said.push(
      t("Only {hours}; of what happens at other times this rule tells nothing.", {
        hours: listed(when.hours.map(spanInWords)),
      }),
    );
  }
  const quiet = quietOf(rule);
  if (quiet) {
    said.push(
      t("Quiet hours, {hours}: what is less severe than {severity} waits until they are over.", {
        hours: listed(quiet.hours.map(spanInWords)),
        severity: severityName(quiet.below ?? "critical"),
      }),
    );
  }
  return said;
}

/** Undefined where it has none. */
function quietOf(rule: Asked): Quiet | undefined {
  const quiet = rule.quiet as Quiet | null | undefined;
  return quiet?.hours?.length ? quiet : undefined;
}

function onlyOf(when: Conditions): string[] {
  const only: string[] = [];
  if (when.severity) only.push(t("from {severity} on", { severity: severityName(when.severity) }));
  if (when.kinds?.length) only.push(when.kinds.map(kindName).join(", "));
  if (when.assets?.length)
    only.push(tn(when.assets.length, "on {count} asset", "on {count} assets"));
  for (const [name, values] of Object.entries(when.labels ?? {})) {
    only.push(`${name}=${(values as string[]).join("|")}`);
  }
  return only;
}

/** Labels as people write them, one a line: "team=shop, web". */
export function labelsOf(text: string): Record<string, string[]> {
  const found: Record<string, string[]> = {};
  for (const line of text.split("\n")) {
    const [name = "", values = ""] = line.split("=", 2);
    const words = values
      .split(",")
      .map((word) => word.trim())
      .filter(Boolean);
    if (name.trim() && words.length > 0) found[name.trim()] = words;
  }
  return found;
}

export function labelsText(labels: Record<string, string[]> | undefined): string {
  return Object.entries(labels ?? {})
    .map(([name, values]) => `${name}=${values.join(", ")}`)
    .join("\n");
}
