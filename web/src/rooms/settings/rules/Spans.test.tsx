import { MantineProvider } from "@mantine/core";
import { render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { beforeEach, expect, test } from "vitest";
import { speak } from "@/words/words";
import type { Span } from "./hours";
import { Spans } from "./Spans";

beforeEach(() => speak("en"));
let held: Span[] = [];

function Held({ first }: { first: Span[] }) {
  const [spans, setSpans] = useState(first);
  held = spans;
  return (
    <MantineProvider env="test">
      <Spans title="When" none="Always." spans={spans} onSpans={setSpans} />
    </MantineProvider>
  );
}

test("several spans are added, each with days of its own, and one is taken away", async () => {
  render(<Held first={[]} />);
  expect(screen.getByText("Always.")).toBeTruthy();
  await userEvent.click(screen.getByRole("button", { name: "Add hours" }));
  await userEvent.click(screen.getByRole("button", { name: "Add hours" }));
  const week = { from: "08:00", until: "18:00", days: ["mon", "tue", "wed", "thu", "fri"] };
  expect(held).toEqual([week, week]);
  const second = screen.getAllByRole("group", { name: /^Monday to Friday/ })[1] as HTMLElement;
  await userEvent.click(within(second).getByRole("checkbox", { name: "Friday" }));
  expect(held[1]?.days).toEqual(["mon", "tue", "wed", "thu"]);
  expect(held[0]).toEqual(week);
  await userEvent.click(
    screen.getByRole("button", {
      name: "Take these hours away: Monday to Friday from 08:00 to 18:00",
    }),
  );
  expect(held).toHaveLength(1);
  expect(held[0]?.days).toEqual(["mon", "tue", "wed", "thu"]);
});

test("all seven days are held as none", async () => {
  render(
    <Held
      first={[{ from: "08:00", until: "18:00", days: ["mon", "tue", "wed", "thu", "fri", "sat"] }]}
    />,
  );
  await userEvent.click(screen.getByRole("checkbox", { name: "Sunday" }));
  expect(held[0]?.days).toEqual([]);
  expect(screen.getByRole("group", { name: "every day from 08:00 to 18:00" })).toBeTruthy();
});
