import type { Shape } from "@/api/client";
import { shortened } from "@/pieces/Copyable";
import type { Column, Facet, View } from "@/pieces/list/types";
import { Name } from "@/pieces/Name";
import { Severity } from "@/pieces/Severity";
import { When } from "@/pieces/When";
import {
  assetKindName,
  decisionName,
  flagName,
  kindName,
  SEVERITIES,
  severityName,
  statusName,
} from "@/words/nouns";
import { numberOf, percentOf, t } from "@/words/words";

export type Row = Shape<"Finding">;

/** The rule, and its title where it has one. */
export function rowName(row: Row): string {
  return [row.rule?.name, row.component?.name, row.asset?.name].filter(Boolean).join(" · ");
}

export const COLUMNS = (): Column<Row>[] => [
  {
    id: "severity",
    title: t("Severity"),
    fields: ["severity"],
    width: 96,
    sort: "severity",
    cell: (row) => <Severity value={row.severity} />,
  },
  {
    id: "finding",
    title: t("Finding"),
    fields: ["rule"],
    width: 192,
    grow: 4,
    cell: (row) => (
      <>
        <strong>{row.rule?.name}</strong>{" "}
        <span className="soft">{row.rule?.title === row.rule?.name ? "" : row.rule?.title}</span>
      </>
    ),
  },
  {
    id: "component",
    title: t("Component"),
    fields: ["component", "place"],
    width: 128,
    grow: 2,
    cell: (row) =>
      row.component ? (
        <span title={row.component.purl}>
          {row.component.name}{" "}
          <span className="mono soft">{shortened(row.component.version, 18)}</span>
        </span>
      ) : (
        <span className="mono soft">{row.place}</span>
      ),
  },
  {
    id: "asset",
    title: t("Asset"),
    fields: ["asset"],
    width: 132,
    grow: 4,
    cell: (row) => <Name text={row.asset?.name ?? ""} />,
  },
  {
    id: "score",
    title: t("Score"),
    fields: ["score"],
    width: 56,
    numeric: true,
    sort: "score",
    cell: (row) =>
      typeof row.score === "number" ? numberOf(row.score, { maximumFractionDigits: 0 }) : "?",
  },
  {
    id: "decision",
    title: t("Decision"),
    fields: ["decision"],
    width: 100,
    sort: "decision",
    cell: (row) => decisionName(row.decision ?? ""),
  },
  {
    id: "fix",
    title: t("Fixed in"),
    fields: ["fix_version", "fixable"],
    width: 100,
    cell: (row) =>
      row.fix_version ? (
        <span className="mono">{shortened(row.fix_version, 12)}</span>
      ) : (
        <span className="soft">–</span>
      ),
  },
  {
    id: "status",
    title: t("Status"),
    fields: ["status"],
    width: 120,
    sort: "status",
    cell: (row) => statusName(row.status ?? ""),
  },
  {
    id: "first_seen",
    title: t("First seen"),
    fields: ["first_seen"],
    width: 110,
    sort: "first_seen",
    cell: (row) => <When at={row.first_seen} />,
  },
  {
    id: "last_seen",
    title: t("Last seen"),
    fields: ["last_seen"],
    width: 110,
    sort: "last_seen",
    optional: true,
    cell: (row) => <When at={row.last_seen} />,
  },
  {
    id: "epss",
    title: t("EPSS"),
    fields: ["epss"],
    width: 64,
    numeric: true,
    sort: "epss",
    optional: true,
    cell: (row) => (typeof row.epss === "number" ? percentOf(row.epss) : "?"),
  },
  {
    id: "sources",
    title: t("Said by"),
    fields: ["sources"],
    width: 140,
    optional: true,
    cell: (row) => row.sources?.join(", "),
  },
  {
    id: "assignee",
    title: t("Taken care of by"),
    fields: ["assignee"],
    width: 130,
    optional: true,
    cell: (row) => row.assignee,
  },
  {
    id: "owner",
    title: t("Owner"),
    fields: ["asset"],
    width: 110,
    optional: true,
    cell: (row) => row.asset?.owner,
  },
];

export const FACETS = (): Facet[] => [
  {
    field: "severity",
    title: t("Severity"),
    order: SEVERITIES,
    name: severityName,
    show: (value) => <Severity value={value} />,
  },
  {
    field: "decision",
    title: t("Decision"),
    order: ["act now", "plan", "watch", "accept"],
    name: decisionName,
  },
  { field: "status", title: t("Status"), order: ["open", "under_investigation"], name: statusName },
  { field: "kind", title: t("Kind"), name: kindName },
  { field: "fixable", title: t("Has a fix"), order: ["true", "false"], name: flagName },
  { field: "kev", title: t("Known to be exploited"), order: ["true", "false"], name: flagName },
  { field: "asset_kind", title: t("Kind of asset"), name: assetKindName },
  { field: "owner", title: t("Owner") },
  { field: "assignee", title: t("Taken care of by") },
];

/** The views that everybody has; `me` is how one's own findings are marked. */
export const VIEWS = (me: string): View[] => [
  { name: t("Still open"), query: "counts=true&sort=-score" },
  { name: t("Act now"), query: "counts=true&decision=act now&sort=-score" },
  { name: t("With a fix"), query: "counts=true&fixable=true&sort=-score" },
  { name: t("New"), query: "counts=true&sort=-first_seen" },
  { name: t("Mine"), query: `counts=true&assignee=${encodeURIComponent(me)}&sort=-score` },
  { name: t("Set aside"), query: "status=suppressed,not_affected&sort=-score" },
  { name: t("Everything"), query: "sort=-score" },
];
