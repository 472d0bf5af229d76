import type { Shape } from "@/api/client";
import type { Column, Facet, View } from "@/pieces/list/types";
import { Name } from "@/pieces/Name";
import { When } from "@/pieces/When";
import { assetKindName, criticalityName, exposureName, flagName } from "@/words/nouns";
import { t } from "@/words/words";
import { Counts } from "./Counts";
import { LookedAt } from "./LookedAt";

export type Row = Shape<"Asset">;

export const COLUMNS = (): Column<Row>[] => [
  {
    id: "name",
    title: t("Asset"),
    fields: ["name", "archived_at"],
    width: 190,
    grow: 3,
    sort: "name",
    cell: (row) => (
      <>
        <strong>
          <Name text={row.name ?? ""} />
        </strong>
        {row.archived_at && <span className="soft"> {t("archived")}</span>}
      </>
    ),
  },
  {
    id: "kind",
    title: t("Kind"),
    fields: ["kind"],
    width: 132,
    sort: "kind",
    cell: (row) => assetKindName(row.kind ?? ""),
  },
  {
    id: "counts",
    title: t("Open findings"),
    fields: ["by_severity", "looked_at"],
    width: 230,
    cell: (row) => (
      <Counts inRow asset={row.id} counts={row.by_severity} isUnseen={!row.looked_at} />
    ),
  },
  {
    id: "looked_at",
    title: t("Looked at"),
    fields: ["looked_at"],
    width: 150,
    cell: (row) => <LookedAt at={row.looked_at} />,
  },
  {
    id: "owner",
    title: t("Owner"),
    fields: ["owner"],
    width: 110,
    grow: 1,
    sort: "owner",
    cell: (row) => row.owner || <span className="soft">–</span>,
  },
  {
    id: "exposure",
    title: t("Who can reach it"),
    fields: ["exposure"],
    width: 190,
    optional: true,
    cell: (row) => exposureName(row.exposure ?? ""),
  },
  {
    id: "criticality",
    title: t("How much it matters"),
    fields: ["criticality"],
    width: 170,
    optional: true,
    cell: (row) => criticalityName(row.criticality ?? ""),
  },
  {
    id: "distro",
    title: t("Distribution"),
    fields: ["distro"],
    width: 110,
    optional: true,
    cell: (row) => row.distro,
  },
  {
    id: "first_seen",
    title: t("First seen"),
    fields: ["first_seen"],
    width: 110,
    sort: "first_seen",
    optional: true,
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
];

export const FACETS = (): Facet[] => [
  { field: "kind", title: t("Kind"), name: assetKindName },
  { field: "owner", title: t("Owner") },
  { field: "exposure", title: t("Who can reach it"), name: exposureName },
  {
    field: "criticality",
    title: t("How much it matters"),
    order: ["high", "medium", "low", "unknown"],
    name: criticalityName,
  },
  { field: "looked_at_ever", title: t("Ever looked at"), order: ["true", "false"], name: flagName },
  { field: "archived", title: t("Archived"), order: ["false", "true"], name: flagName },
];

export const VIEWS = (): View[] => [
  { name: t("Looked after"), query: "archived=false&sort=-last_seen" },
  { name: t("Never looked at"), query: "archived=false&looked_at_ever=false&sort=-last_seen" },
  { name: t("Images"), query: "archived=false&kind=image&sort=-last_seen" },
  { name: t("Archived"), query: "archived=true&sort=-last_seen" },
];
