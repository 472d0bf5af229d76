/** The keys of a list. */
import { type Key, useKeys } from "@/keys/keys";
import { t } from "@/words/words";
import type { BulkAction } from "./types";

interface Walking {
  title: string;
  bulk: BulkAction[];
  walk: (by: number) => void;
  toTop: () => void;
  open: () => void;
  choose: (() => void) | undefined;
  search: () => void;
  none: (() => void) | undefined;
  run: (action: BulkAction) => void;
}

export function useListKeys(list: Walking): void {
  const { choose, none } = list;
  const keys: Key[] = [
    { keys: ["j", "ArrowDown"], said: t("Next row"), run: () => list.walk(1) },
    { keys: ["k", "ArrowUp"], said: t("Previous row"), run: () => list.walk(-1) },
    { keys: ["PageDown"], said: t("Twenty rows on"), run: () => list.walk(20) },
    { keys: ["PageUp"], said: t("Twenty rows back"), run: () => list.walk(-20) },
    { keys: ["Home"], said: t("First row"), run: list.toTop },
    { keys: ["Enter", "o"], said: t("Open the row"), run: list.open },
    { keys: ["/"], said: t("Go to the filter"), run: list.search },
    ...(choose ? [{ keys: ["x"], said: t("Choose the row"), run: choose }] : []),
    ...(none ? [{ keys: ["Escape"], said: t("Choose none"), run: none }] : []),
    ...list.bulk.flatMap((action) =>
      action.key ? [{ keys: [action.key], said: action.title, run: () => list.run(action) }] : [],
    ),
  ];
  useKeys(list.title, keys);
}
