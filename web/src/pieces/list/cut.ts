/** What a cell has no room for can be read by resting on it. */
import type { PointerEvent } from "react";

const CELL = "[role=gridcell], [role=columnheader]";

/** Whether some of it is cut off. What only a screen reader is told is always too wide. */
function isCut(cell: HTMLElement): boolean {
  const all = [cell, ...cell.querySelectorAll<HTMLElement>("*:not(.visually-hidden)")];
  return all.some((one) => one.scrollWidth > one.clientWidth);
}

/** Names the cell under the pointer when it does not show all of its text. */
export function tellWhatIsCut(event: PointerEvent): void {
  const cell = (event.target as Element).closest<HTMLElement>(CELL);
  if (!cell) return;
  if (isCut(cell)) cell.title = cell.textContent ?? "";
  else cell.removeAttribute("title");
}
