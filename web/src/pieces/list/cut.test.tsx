import { fireEvent, render, screen } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { tellWhatIsCut } from "./cut";

/** Elements whose text is longer than this have no room for it. */
const ROOM = 12;

function layOut() {
  const width = (name: string, of: (one: HTMLElement) => number) =>
    vi.spyOn(HTMLElement.prototype, name as "scrollWidth", "get").mockImplementation(function (
      this: HTMLElement,
    ) {
      return of(this);
    });
  width("clientWidth", () => ROOM);
  width("scrollWidth", (one) => (one.textContent ?? "").length);
}
afterEach(() => vi.restoreAllMocks());

function rest(text: string) {
  const row = (said: string) => (
    <div role="row" onPointerOver={tellWhatIsCut}>
      <div role="gridcell">
        <strong>{said}</strong>
      </div>
    </div>
  );
  const { rerender } = render(row(text));
  fireEvent.pointerOver(screen.getByText(text));
  const title = screen.getByRole("gridcell").getAttribute("title");
  rerender(row("short"));
  fireEvent.pointerOver(screen.getByText("short"));
  return [title, screen.getByRole("gridcell").getAttribute("title")];
}

test("a cell that is cut off says all of it where one rests on it, and no longer than it is", () => {
  layOut();
  expect(rest("ada.lovelace@shop.example")).toEqual(["ada.lovelace@shop.example", null]);
});

test("a cell that shows everything says nothing twice", () => {
  layOut();
  expect(rest("ada@a.b")).toEqual([null, null]);
});
