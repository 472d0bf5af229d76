import { useCallback, useState } from "react";
import type { Done, Selection } from "@/pieces/list/types";
import { Assign } from "./Assign";
import type { Ask, Dialog } from "./actions";
import { SetAside } from "./SetAside";

interface Asked {
  dialog: Dialog;
  selection: Selection;
  answer: (done: Done | undefined) => void;
}

const DIALOGS = { aside: SetAside, assign: Assign };

/** The dialogs of actions: `ask` opens one and waits for what comes of it; `dialog` is to be drawn. */
export function useAsking() {
  const [asked, setAsked] = useState<Asked>();
  const ask = useCallback<Ask>(
    (dialog, selection) =>
      new Promise((answer) => {
        setAsked({ dialog, selection, answer });
      }),
    [],
  );
  if (!asked) return { ask, dialog: null };
  const Shown = DIALOGS[asked.dialog];
  const finish = (done: Done | undefined) => {
    asked.answer(done);
    setAsked(undefined);
  };
  return { ask, dialog: <Shown selection={asked.selection} onDone={finish} /> };
}
