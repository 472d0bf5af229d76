import { render, screen } from "@testing-library/react";
import { MemoryRouter } from "react-router";
import { beforeEach, expect, test } from "vitest";
import { speak } from "@/words/words";
import { Counts } from "./Counts";

beforeEach(() => speak("en"));

const show = (props: Parameters<typeof Counts>[0]) =>
  render(
    <MemoryRouter>
      <Counts {...props} />
    </MemoryRouter>,
  );

test("each number of an asset leads to its open findings of that severity", () => {
  show({ asset: "a1", counts: { high: 1_200, critical: 2 } });
  const links = screen.getAllByRole("link");
  expect(links.map((one) => [one.textContent, one.getAttribute("href")])).toEqual([
    ["2", "/findings?asset_id=a1&severity=critical&counts=true&sort=-score"],
    ["1,200", "/findings?asset_id=a1&severity=high&counts=true&sort=-score"],
  ]);
});

test("what would be has no rows yet", () => {
  show({ counts: { high: 1 } });
  expect(screen.queryByRole("link")).toBeNull();
});

test("none found where nobody looked is unknown", () => {
  show({ asset: "a1", counts: {}, isUnseen: true });
  expect(screen.getByText("unknown")).toBeTruthy();
});
