import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { MemoryRouter } from "react-router";
import { beforeEach, expect, test, vi } from "vitest";
import { speak } from "@/words/words";
import { Did } from "./Did";
import { type Said, saidOf } from "./summaries";

beforeEach(() => speak("en"));

const said = saidOf({ new: 12, closed: 3, reopened: 1 }) as Said;
const show = (props: Partial<Parameters<typeof Did>[0]> = {}, onClick = () => undefined) =>
  render(
    <MemoryRouter>
      {/* biome-ignore lint/a11y: stands for a row of a list */}
      <div onClick={onClick}>
        <Did said={said} importId="i1" {...props} />
      </div>
    </MemoryRouter>,
  );
const links = () =>
  screen.queryAllByRole("link").map((one) => [one.textContent, one.getAttribute("href")]);

test("every number leads to the findings behind it", () => {
  show();
  expect(links()).toEqual([
    ["12 new", "/findings?new_in=i1&sort=-score"],
    ["3 fixed", "/findings?closed_in=i1&sort=-score"],
    ["1 reopened", "/findings?reopened_in=i1&sort=-score"],
  ]);
});

test("in French too", () => {
  speak("fr");
  show();
  expect(links().map(([text]) => text)).toEqual([
    "nouveaux\u00a0: 12",
    "corrigés\u00a0: 3",
    "rouverts\u00a0: 1",
  ]);
});

test("in a row a link leads away and does not open the row", async () => {
  const opened = vi.fn();
  show({ inRow: true }, opened);
  await userEvent.click(screen.getByText("3 fixed"));
  expect(opened).not.toHaveBeenCalled();
});

test("without an import there are no rows to lead to", () => {
  show({ importId: "" });
  expect(links()).toEqual([]);
  expect(screen.getByText("12 new")).toBeTruthy();
});
