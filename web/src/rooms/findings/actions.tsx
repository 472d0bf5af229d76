/** What can be decided about findings, one or many, each with the way back. */
import { EyeOff, RotateCcw, ScanSearch } from "lucide-react";
import { api, held, type Shape } from "@/api/client";
import type { BulkAction, Done, Selection } from "@/pieces/list/types";
import { t, tn } from "@/words/words";

export type Verdict = Partial<Shape<"BulkTriage">>;

/** Decide about what is chosen. Throws Problem. */
export async function triage(selection: Selection, verdict: Verdict): Promise<Done> {
  const which = selection.ids
    ? { findings: selection.ids }
    : { filters: selection.filters, q: selection.q };
  const body = { ...verdict, ...which } as Shape<"BulkTriage">;
  const done = await held(api.POST("/api/v1/findings/triage", { body }));
  const said = tn(done.changed, "{count} finding changed", "{count} findings changed");
  if (done.suppressions.length === 0) return { said };
  return {
    said,
    undo: () =>
      held(api.POST("/api/v1/suppressions/revoke", { body: { suppressions: done.suppressions } })),
  };
}

export function bulkActions(
  ask: (selection: Selection) => Promise<Done | undefined>,
): BulkAction[] {
  return [
    {
      id: "investigate",
      title: t("Investigate"),
      icon: <ScanSearch size={15} aria-hidden />,
      key: "i",
      run: (selection) => triage(selection, { status: "under_investigation" }),
    },
    {
      id: "aside",
      title: t("Set aside…"),
      icon: <EyeOff size={15} aria-hidden />,
      key: "w",
      run: ask,
    },
    {
      id: "open",
      title: t("Open again"),
      icon: <RotateCcw size={15} aria-hidden />,
      key: "u",
      run: (selection) => triage(selection, { status: "open" }),
    },
  ];
}
