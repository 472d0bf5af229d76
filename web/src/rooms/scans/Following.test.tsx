import { MantineProvider } from "@mantine/core";
import { render, screen } from "@testing-library/react";
import { beforeEach, expect, test } from "vitest";
import { speak } from "@/words/words";
import { Following } from "./Following";
import type { Job, Line } from "./following";

beforeEach(() => speak("en"));

const line = (state: string, at: string): Line =>
  ({ at, state, stage: "", progress: null }) as Line;
const show = (state: string, lines: Line[]) =>
  render(
    <MantineProvider>
      <Following job={{ state, progress: null } as Job} lines={lines} />
    </MantineProvider>,
  );

test("what was over before one looked has nothing to follow", () => {
  show("done", [line("done", "2026-01-01T10:00:00Z")]);
  expect(screen.queryByRole("heading", { name: "How far it is" })).toBeNull();
});

test("what one watched to its end stays in sight", () => {
  show("done", [line("running", "2026-01-01T10:00:00Z"), line("done", "2026-01-01T10:00:09Z")]);
  expect(screen.getByText("Done")).toBeTruthy();
});

test("what goes on shows how far it is", () => {
  show("running", [line("running", "2026-01-01T10:00:00Z")]);
  expect(screen.getByRole("progressbar")).toBeTruthy();
});
