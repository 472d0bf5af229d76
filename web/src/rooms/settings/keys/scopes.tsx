import { State } from "@/pieces/State";
import { When } from "@/pieces/When";
import { t } from "@/words/words";
import { permissionName } from "../users/roles";

const NAMES: Record<string, () => string> = {
  ci: () => t("Pipeline"),
  read: () => t("Read"),
  triage: () => t("Decide"),
  agent: () => t("Agent"),
  siem: () => t("Event collector (SIEM)"),
  metrics: () => t("Metrics"),
};

/** A scope's name, or the single permission that it is. */
export function scopeName(scope: string): string {
  return NAMES[scope]?.() ?? permissionName(scope);
}

/** What a scope is for. */
export function scopeSays(scope: string): string {
  const says: Record<string, () => string> = {
    ci: () => t("sends reports, starts scans, asks the gate"),
    read: () => t("reads everything, changes nothing"),
    triage: () => t("decides about findings as an analyst does"),
    agent: () => t("reports what it saw and reads nothing"),
    siem: () => t("reads events, the audit log and findings"),
    metrics: () => t("reads the metrics of the platform"),
  };
  return says[scope]?.() ?? "";
}

/** Whether a key still opens anything. */
export function KeyState({
  row,
}: {
  row: { revoked?: boolean; expires_at?: string | null; revoked_at?: string | null };
}) {
  if (row.revoked) return <State value="revoked" name={t("Revoked")} />;
  if (!row.expires_at) return <State value="on" name={t("Works without an end")} />;
  if (hasExpired(row.expires_at)) return <State value="expired" name={t("Expired")} />;
  return (
    <State
      value="on"
      name={
        <>
          {t("expires")} <When at={row.expires_at} />
        </>
      }
    />
  );
}

export function hasExpired(at: string, now: number = Date.now()): boolean {
  return new Date(at).getTime() <= now;
}
