import { MantineProvider } from "@mantine/core";
import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { beforeEach, expect, test } from "vitest";
import { speak } from "@/words/words";
import type { Quiet } from "./hours";
import { QuietHours } from "./QuietHours";

beforeEach(() => speak("en"));
let held: Quiet | null = null;

function Held({ first }: { first: Quiet | null }) {
  const [quiet, setQuiet] = useState(first);
  held = quiet;
  return (
    <MantineProvider env="test">
      <QuietHours quiet={quiet} onQuiet={setQuiet} />
    </MantineProvider>
  );
}

test("quiet hours are added, with what goes through, and taken away", async () => {
  render(<Held first={null} />);
  expect(screen.queryByLabelText("What goes through all the same")).toBeNull();
  await userEvent.click(screen.getByRole("button", { name: "Add hours" }));
  const hours = [{ from: "22:00", until: "07:00", days: [] }];
  expect(held).toEqual({ hours, below: "critical" });
  await userEvent.click(screen.getByRole("combobox"));
  await userEvent.click(await screen.findByText("High and worse"));
  expect(held).toEqual({ hours, below: "high" });
  await userEvent.click(screen.getByRole("button", { name: /^Take these hours away/ }));
  expect(held).toBeNull();
});
