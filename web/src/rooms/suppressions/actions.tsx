import { RotateCcw } from "lucide-react";
import { api, held, type Shape } from "@/api/client";
import { Problem } from "@/api/problems";
import type { BulkAction, Done, Selection } from "@/pieces/list/types";
import { t, tn } from "@/words/words";

const MOST = 500; // the API's largest page

/** Take decisions back; the message restores them. Throws Problem. */
export async function takeBack(ids: string[]): Promise<Done> {
  const body = { suppressions: ids };
  const done = await held(api.POST("/api/v1/suppressions/revoke", { body }));
  return {
    said: tn(
      done.changed,
      "Taken back; {count} finding is open again",
      "Taken back; {count} findings are open again",
    ),
    undo: () => held(api.POST("/api/v1/suppressions/restore", { body })),
  };
}

/** The ids of what is chosen, also when that is all that the filters find. */
async function idsOf(selection: Selection): Promise<string[]> {
  if (selection.ids) return selection.ids;
  const filters = Object.fromEntries(
    Object.entries(selection.filters).map(([name, values]) => [name, values.join(",")]),
  );
  const query = { ...filters, q: selection.q, fields: "id", limit: MOST };
  const found = await held(api.GET("/api/v1/suppressions", { params: { query } }));
  if (found.next) {
    throw new Problem({
      title: t("Too many at once"),
      detail: t("At most {most} decisions are taken back in one go.", { most: MOST }),
      hint: t("Narrow the filter down."),
    });
  }
  return found.items.map((one: Partial<Shape<"Suppression">>) => one.id ?? "");
}

export const bulkActions = (): BulkAction[] => [
  {
    id: "back",
    title: t("Take back"),
    icon: <RotateCcw size={15} aria-hidden />,
    key: "u",
    run: async (selection) => takeBack(await idsOf(selection)),
  },
];
