/** What can be decided about findings, one or many, each with the way back. */
import { EyeOff, RotateCcw, ScanSearch, UserRoundPlus } from "lucide-react";
import { api, held, type Shape } from "@/api/client";
import type { BulkAction, Done, Selection } from "@/pieces/list/types";
import { t, tn } from "@/words/words";

export type Verdict = Partial<Shape<"BulkTriage">>;
export type Dialog = "aside" | "assign";
/** Opens a dialog; what came of it, undefined when it was left. */
export type Ask = (dialog: Dialog, selection: Selection) => Promise<Done | undefined>;

/** Decide about what is chosen. Throws Problem. */
export async function triage(selection: Selection, verdict: Verdict): Promise<Done> {
  const which = selection.ids
    ? { findings: selection.ids }
    : { filters: selection.filters, q: selection.q };
  const body = { ...verdict, ...which } as Shape<"BulkTriage">;
  const done = await held(api.POST("/api/v1/findings/triage", { body }));
  const said = tn(done.changed, "{count} finding changed", "{count} findings changed");
  const { suppressions, assigned_before: before = [] } = done;
  if (suppressions.length === 0 && before.length === 0) return { said };
  const undo = async () => {
    if (suppressions.length > 0)
      await held(api.POST("/api/v1/suppressions/revoke", { body: { suppressions } }));
    for (const { assignee, findings } of before) {
      const back = { findings, assignee } as Shape<"BulkTriage">;
      await held(api.POST("/api/v1/findings/triage", { body: back }));
    }
  };
  return { said, undo };
}

export function bulkActions(ask: Ask): BulkAction[] {
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
      run: (selection) => ask("aside", selection),
    },
    {
      id: "assign",
      title: t("Assign…"),
      icon: <UserRoundPlus size={15} aria-hidden />,
      key: "a",
      run: (selection) => ask("assign", selection),
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
