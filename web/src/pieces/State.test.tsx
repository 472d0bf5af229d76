import { render, screen } from "@testing-library/react";
import { beforeEach, expect, test } from "vitest";
import { speak } from "@/words/words";
import { OnOff, State } from "./State";

beforeEach(() => speak("en"));

const sign = () => document.querySelector("svg")?.innerHTML;

test("a state is a word and a sign, in the reader's language", () => {
  speak("fr");
  render(<State value="failed" />);
  expect(screen.getByText("Échouée")).toBeTruthy();
  expect(document.querySelector("svg")?.getAttribute("aria-hidden")).toBe("true");
});

test("states that mean different things have signs of different shapes", () => {
  const signs = ["queued", "running", "done", "failed", "partial", "paused", "off"].map((value) => {
    const { unmount } = render(<State value={value} />);
    const drawn = sign();
    unmount();
    return drawn;
  });
  expect(new Set(signs).size).toBe(signs.length);
});

test.each([
  ["done", "complete"],
  ["failed", "refused"],
  ["failed", "dead"],
  ["queued", "retry"],
])("%s and %s look alike wherever they are said", (one, other) => {
  const { unmount } = render(<State value={one} />);
  const drawn = sign();
  unmount();
  render(<State value={other} name="In other words" />);
  expect(sign()).toBe(drawn);
  expect(screen.getByText("In other words")).toBeTruthy();
});

test("what nobody knows yet is shown as it came", () => {
  render(<State value="melting" more="40%" />);
  expect(screen.getByText("melting 40%")).toBeTruthy();
});

test("on and off are told apart without colour", () => {
  const { unmount } = render(<OnOff isOn on="On" off="Off" />);
  const on = sign();
  expect(screen.getByText("On")).toBeTruthy();
  unmount();
  render(<OnOff isOn={false} on="On" off="Off" />);
  expect(screen.getByText("Off")).toBeTruthy();
  expect(sign()).not.toBe(on);
});
