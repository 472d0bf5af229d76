import { renderHook } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { useKeys } from "./keys";

const next = vi.fn();
const open = vi.fn();

function press(place: HTMLElement, key: string) {
  place.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
}

function put(type: string): HTMLInputElement {
  const input = document.createElement("input");
  input.type = type;
  document.body.append(input);
  return input;
}

describe("keys of a list", () => {
  beforeEach(() => {
    next.mockClear();
    open.mockClear();
    renderHook(() =>
      useKeys("List", [
        { keys: ["j", "ArrowDown"], said: "Next row", run: next },
        { keys: ["Enter"], said: "Open the row", run: open },
      ]),
    );
  });
  afterEach(() => document.body.replaceChildren());

  it("are heard after a box was ticked, which keeps the focus", () => {
    press(put("checkbox"), "j");
    expect(next).toHaveBeenCalledOnce();
  });

  it("leave a switch what is its own", () => {
    press(put("radio"), "ArrowDown");
    press(put("checkbox"), "Enter");
    expect(next).not.toHaveBeenCalled();
    expect(open).not.toHaveBeenCalled();
  });

  it("are not heard while somebody types", () => {
    press(put("text"), "j");
    expect(next).not.toHaveBeenCalled();
  });
});
