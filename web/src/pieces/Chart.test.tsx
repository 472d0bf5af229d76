import { MantineProvider } from "@mantine/core";
import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, test, vi } from "vitest";
import { speak } from "@/words/words";
import { Chart } from "./Chart";

// happy-dom has no canvas: what is drawn is looked at in pictures.
vi.mock("./ChartDrawn", () => ({ default: () => <div>drawn</div> }));
beforeEach(() => speak("en"));

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
