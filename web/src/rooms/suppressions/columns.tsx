import type { Shape } from "@/api/client";
import type { Column, Facet, View } from "@/pieces/list/types";
import { When } from "@/pieces/When";
import { flagName, kindName, statusName } from "@/words/nouns";
import { t } from "@/words/words";

export type Row = Shape<"Suppression">;

const DAY = 86_400_000;
const SOON = 14; // days

export function rowName(row: Row): string {
  return [row.rule, row.component, statusName(row.status)].filter(Boolean).join(" · ");
}

export function scopeName(scope: string): string {
  const names: Record<string, () => string> = {
    asset: () => t("One asset"),
    component: () => t("One package, everywhere"),
    tenant: () => t("Everywhere"),
  };
  return names[scope]?.() ?? scope;
}

/** Who said it: somebody here, or a VEX document of others. */
export function sourceName(source: string): string {
  const names: Record<string, () => string> = {
    person: () => t("A person"),
    vex: () => t("A VEX document"),
  };
  return names[source]?.() ?? source;
}

/** How it stands: in force, about to expire, or over. */
export function standing(row: Row, now: number = Date.now()): "holds" | "soon" | "over" {
  if (row.revoked_at) return "over";
  if (!row.expires_at) return "holds";
  const left = Date.parse(row.expires_at) - now;
  if (left <= 0) return "over";
  return left < SOON * DAY ? "soon" : "holds";
}

export const COLUMNS = (): Column<Row>[] => [
  {
    id: "rule",
    title: t("Rule"),
    fields: ["rule", "component"],
    width: 150,
    grow: 2,
    sort: "rule",
    cell: (row) => (
      <>
        <strong>{row.rule}</strong> <span className="soft">{row.component}</span>
      </>
    ),
  },
  {
    id: "status",
    title: t("Decision"),
    fields: ["status"],
    width: 140,
    cell: (row) => statusName(row.status),
  },
  {
    id: "reason",
    title: t("Reason"),
    fields: ["reason", "justification"],
    width: 170,
    grow: 3,
    cell: (row) => <span title={row.reason}>{row.reason || row.justification}</span>,
  },
  {
    id: "expires_at",
    title: t("Until"),
    fields: ["expires_at", "revoked_at"],
    width: 136,
    cell: (row) => <Until row={row} />,
  },
  {
    id: "scope",
    title: t("How far"),
    fields: ["scope"],
    width: 150,
    cell: (row) => scopeName(row.scope),
  },
  {
    id: "owner",
    title: t("Owner"),
    fields: ["owner", "source"],
    width: 120,
    cell: (row) => row.owner || <span className="soft">{sourceName(row.source)}</span>,
  },
  {
    id: "created_at",
    title: t("Decided"),
    fields: ["created_at"],
    width: 120,
    sort: "created_at",
    cell: (row) => <When at={row.created_at} />,
  },
  {
    id: "kind",
    title: t("Kind"),
    fields: ["kind"],
    width: 140,
    optional: true,
    cell: (row) => kindName(row.kind),
  },
];

/** When it ends or ended, in words that say which. */
export function Until({ row }: { row: Row }) {
  if (row.revoked_at) {
    return (
      <span className="soft">
        {t("ended")} <When at={row.revoked_at} />
      </span>
    );
  }
  if (!row.expires_at) return <span className="soft">{t("without an end")}</span>;
  const text = <When at={row.expires_at} />;
  return standing(row) === "soon" ? <strong>{text}</strong> : text;
}

export const FACETS = (): Facet[] => [
  { field: "status", title: t("Decision"), name: statusName },
  { field: "scope", title: t("How far"), name: scopeName, order: ["asset", "component", "tenant"] },
  { field: "source", title: t("Said by"), name: sourceName },
  { field: "kind", title: t("Kind"), name: kindName },
  { field: "owner", title: t("Owner") },
  { field: "ended", title: t("Ended"), name: flagName, order: ["false", "true"] },
];

/** Views; what expires soon is counted from the beginning of today, so that its address stays. */
export const VIEWS = (now: number = Date.now()): View[] => {
  const soon = new Date(now + SOON * DAY).toISOString().slice(0, 10);
  return [
    { name: t("In force"), query: "ended=false&sort=-created_at" },
    {
      name: t("Expiring soon"),
      query: `ended=false&expires_at.le=${soon}T00:00:00Z&sort=-created_at`,
    },
    { name: t("No longer in force"), query: "ended=true&sort=-created_at" },
    { name: t("Everything"), query: "sort=-created_at" },
  ];
};
