import type { Shape } from "@/api/client";
import type { Column, Facet, View } from "@/pieces/list/types";
import { State } from "@/pieces/State";
import { When } from "@/pieces/When";
import { stateName } from "@/words/nouns";
import { t } from "@/words/words";

export type Row = Shape<"Report">;
export type Formats = Record<string, Shape<"Format">>;

export const isOnItsWay = (state: string) => state === "queued" || state === "running";

/** A language by its own name, as everywhere where one is chosen. */
export function languageName(language: string): string {
  const names: Record<string, string> = { en: "English", fr: "Français" };
  return names[language] ?? language;
}

/** How a report stands: it is ready, rather than done. */
export function reportState(state: string): string {
  if (state === "done") return t("Ready");
  return state === "failed" ? t("Not made") : stateName(state);
}

/** "PDF" rather than "pdf", once the server has said so. */
export function formatName(formats: Formats): (format: string) => string {
  return (format) => formats[format]?.label ?? format;
}

export const COLUMNS = (formats: Formats): Column<Row>[] => [
  {
    id: "title",
    title: t("Report"),
    fields: ["title"],
    width: 220,
    grow: 3,
    cell: (row) => <strong>{row.title}</strong>,
  },
  {
    id: "format",
    title: t("Format"),
    fields: ["format"],
    width: 150,
    grow: 1,
    cell: (row) => formatName(formats)(row.format),
  },
  {
    id: "language",
    title: t("Language"),
    fields: ["language"],
    width: 100,
    cell: (row) => languageName(row.language),
  },
  {
    id: "state",
    title: t("State"),
    fields: ["state"],
    width: 120,
    cell: (row) => <State value={row.state} name={reportState(row.state)} />,
  },
  {
    id: "actor",
    title: t("Asked for by"),
    fields: ["actor"],
    width: 150,
    cell: (row) => row.actor,
  },
  {
    id: "created_at",
    title: t("Asked for"),
    fields: ["created_at"],
    width: 130,
    sort: "created_at",
    cell: (row) => <When at={row.created_at} />,
  },
];

export const FACETS = (formats: Formats): Facet[] => [
  { field: "state", title: t("State"), name: reportState },
  { field: "format", title: t("Format"), name: formatName(formats) },
  { field: "language", title: t("Language"), name: languageName },
];

export const VIEWS = (): View[] => [
  { name: t("All reports"), query: "sort=-created_at" },
  { name: t("Ready reports"), query: "state=done&sort=-created_at" },
  { name: t("Failed reports"), query: "state=failed&sort=-created_at" },
];
