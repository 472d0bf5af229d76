import { MantineProvider } from "@mantine/core";
import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { MemoryRouter } from "react-router";
import { beforeEach, expect, test, vi } from "vitest";
import { speak } from "@/words/words";
import { Chart } from "./Chart";

// happy-dom has no canvas: what is drawn is looked at in pictures.
vi.mock("./ChartDrawn", () => ({ default: () => <div>drawn</div> }));
beforeEach(() => speak("en"));

function show(values: (number | null)[], more = {}) {
  const labels = ["Mon", "Tue", "Wed"].slice(0, values.length);
  const series = [{ name: "Open", colour: "accent", values }];
  render(
    <MantineProvider env="test">
      <MemoryRouter>
        <Chart title="Open findings" labels={labels} series={series} {...more} />
      </MemoryRouter>
    </MantineProvider>,
  );
}

test("a keyboard alone leads to the numbers as a table, and back", async () => {
  show([1, 2]);
  await screen.findByText("drawn");
  await userEvent.tab();
  const button = screen.getByRole("button", { name: "Show as a table" });
  expect(document.activeElement).toBe(button);
  expect(button.getAttribute("aria-pressed")).toBe("false");
  await userEvent.keyboard("{Enter}");
  expect(screen.queryByText("drawn")).toBeNull();
  const back = screen.getByRole("button", { name: "Show the chart" });
  expect(back.getAttribute("aria-pressed")).toBe("true");
  // The table scrolls: it can be come to, and says what it is.
  await userEvent.tab();
  expect(document.activeElement).toBe(screen.getByRole("group", { name: "Open findings" }));
  expect(screen.getByRole("columnheader", { name: "Open" })).toBeTruthy();
  expect(screen.getByRole("rowheader", { name: "Tue" })).toBeTruthy();
  await userEvent.click(back);
  await screen.findByText("drawn");
});

test("nought is a number and unknown is none", async () => {
  show([0, null, 12345.5], { unit: " ms" });
  await userEvent.click(screen.getByRole("button", { name: "Show as a table" }));
  const cells = screen.getAllByRole("cell").map((cell) => cell.textContent);
  expect(cells.filter(Boolean)).toEqual(["0 ms", "unknown", "12,345.5 ms"]);
});

test("a number of the table leads to its rows, where there are any", async () => {
  const rows = (label: number) => (label > 0 ? "/findings?came_on=Tue" : undefined);
  show([3, 4, 0], { rows });
  await userEvent.click(screen.getByRole("button", { name: "Show as a table" }));
  const links = screen.getAllByRole("link");
  expect(links.map((one) => [one.textContent, one.getAttribute("href")])).toEqual([
    ["4", "/findings?came_on=Tue"],
  ]);
});

test.each([[[]], [[null]], [[null, null]]])("with %j it says that nothing is known", (values) => {
  show(values);
  expect(screen.getByText("Open findings")).toBeTruthy();
  expect(screen.getByText("Nothing is known yet")).toBeTruthy();
  expect(screen.queryByRole("button")).toBeNull();
});

test("one point is enough to be drawn", async () => {
  show([7]);
  await screen.findByText("drawn");
});

test("the same numbers can be read as a table, and what is unknown says so", async () => {
  render(
    <MantineProvider env="test">
      <Chart
        title="Open findings"
        labels={["Mon", "Tue"]}
        series={[{ name: "Open", colour: "accent", values: [null, 7] }]}
      />
    </MantineProvider>,
  );
  await screen.findByText("drawn");
  await userEvent.click(screen.getByRole("button", { name: "Show as a table" }));
  expect(screen.getByRole("row", { name: "Mon unknown" })).toBeTruthy();
  expect(screen.getByRole("row", { name: "Tue 7" })).toBeTruthy();
});
