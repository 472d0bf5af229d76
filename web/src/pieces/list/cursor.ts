/** The row that the keys walk on. It is a row and not a place: where rows come or go above it, it
 * goes with its row; where its row went, it stays at its place. */
import { useState } from "react";

export interface Cursor {
  /** Its place among the rows, -1 where nobody walks. */
  at: number;
  /** How often it was moved by a person: what follows it does so then, and not when rows came. */
  moves: number;
  move: (at: number) => void;
}

export function useCursor(ids: string[]): Cursor {
  const [cursor, setCursor] = useState({ at: -1, id: "", moves: 0 });
  return {
    at: placeOf(cursor, ids),
    moves: cursor.moves,
    move: (at) => setCursor({ at, id: ids[at] ?? "", moves: cursor.moves + 1 }),
  };
}

/** Where it is among these rows. */
export function placeOf({ at, id }: { at: number; id: string }, ids: string[]): number {
  if (at < 0 || !id || ids[at] === id) return Math.min(at, ids.length - 1);
  const found = ids.indexOf(id);
  return found >= 0 ? found : Math.min(at, ids.length - 1);
}
