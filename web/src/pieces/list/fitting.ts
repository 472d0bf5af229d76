/** How wide a table has to be, and which columns have room. */
import type { Column } from "./types";

/** Pixels, as Table.module.css lays them out. */
export const CHOOSE = 20;
const GAP = 16;
const EDGES = 24 + 2; // of a row, and the lines around the table

type Measured = Pick<Column<never>, "id" | "width" | "sort">;

/** The least width that holds these columns. */
export function leastOf(columns: readonly Measured[], hasChoice: boolean): number {
  const held = columns.map((column) => column.width);
  if (hasChoice) held.push(CHOOSE);
  return held.reduce((sum, one) => sum + one, 0) + GAP * (held.length - 1) + EDGES;
}

/** The usual columns that have room: the last ones go first. The first stays, and so does the one
 * by which the rows are sorted. `width` 0 is one that is not known yet. */
export function fitting<One extends Measured>(
  columns: readonly One[],
  { width, sort, hasChoice }: { width: number; sort: string; hasChoice: boolean },
): One[] {
  const kept = [...columns];
  const by = sort.replace(/^-/, "");
  while (width > 0 && kept.length > 1 && leastOf(kept, hasChoice) > width) {
    const last = kept.findLastIndex((one, at) => at > 0 && (!by || one.sort !== by));
    if (last < 0) break;
    kept.splice(last, 1);
  }
  return kept;
}
