import { useQuery } from "@tanstack/react-query";
import { api, held, type Shape } from "@/api/client";
import { problemFrom } from "@/api/problems";
import { DrawerSection } from "@/pieces/Drawer";
import { ProblemView } from "@/pieces/ProblemView";
import { When } from "@/pieces/When";
import { severityName, statusName } from "@/words/nouns";
import { t } from "@/words/words";
import styles from "./findings.module.css";

/** What happened to it, latest first. */
export function History({ id }: { id: string }) {
  const asked = useQuery({
    queryKey: ["findings", "history", id],
    queryFn: () =>
      held(
        api.GET("/api/v1/findings/{finding_id}/history", {
          params: { path: { finding_id: id }, query: { limit: 50 } },
        }),
      ),
  });
  return (
    <DrawerSection title={t("History")}>
      {asked.error && <ProblemView problem={problemFrom(asked.error)} />}
      <ol className={styles.history}>
        {asked.data?.items.map((one) => (
          <li key={one.id}>
            <span>
              <strong>{happened(one.what ?? "")}</strong> {details(one.document ?? {})}
              {one.actor && <span className="soft"> {t("by {name}", { name: one.actor })}</span>}
            </span>
            <When at={one.at} />
          </li>
        ))}
      </ol>
      {asked.data?.next && <p className="soft">{t("Older entries are left out here.")}</p>}
    </DrawerSection>
  );
}

const HAPPENED: Record<string, () => string> = {
  created: () => t("Found"),
  found: () => t("Found"),
  appeared: () => t("Found"),
  changed: () => t("Changed"),
  triaged: () => t("Decided"),
  reopened: () => t("Reopened"),
  closed: () => t("Closed"),
  fixed: () => t("Fixed"),
  commented: () => t("Commented"),
  assigned: () => t("Assigned"),
  revoked: () => t("Decision taken back"),
  expired: () => t("Waiver expired"),
  joined: () => t("United with another finding"),
  ticket: () => t("A ticket was opened"),
};

function happened(what: Shape<"Change">["what"] & string): string {
  return HAPPENED[what]?.() ?? what;
}

/** {"severity": {"from": "medium", "to": "high"}} in words. */
function details(document: Record<string, unknown>): string {
  return Object.entries(document)
    .flatMap(([name, change]) => {
      if (typeof change !== "object" || change === null || !("to" in change)) return [];
      const { from, to } = change as { from?: unknown; to: unknown };
      return [`${said(name, from)} → ${said(name, to)}`];
    })
    .join(", ");
}

function said(name: string, value: unknown): string {
  const text = value === null || value === undefined || value === "" ? "–" : String(value);
  if (name === "severity") return severityName(text);
  return name === "status" ? statusName(text) : text;
}
