import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render, screen } from "@testing-library/react";
import { beforeEach, expect, test, vi } from "vitest";
import { SessionFor } from "@/api/session";
import { speak } from "@/words/words";
import { Decide } from "./Decide";

beforeEach(() => speak("en"));

function show(allowed: string[]) {
  const session = { can: (one: string) => allowed.includes(one), me: {}, enter: vi.fn() };
  const applies = { id: "s1", status: "suppressed", source: "person", reason: "A test bed." };
  const finding = { id: "f1", status: "suppressed", applies };
  render(
    <MantineProvider env="test">
      <QueryClientProvider client={new QueryClient()}>
        <SessionFor value={session as never}>
          <Decide finding={finding as never} />
        </SessionFor>
      </QueryClientProvider>
    </MantineProvider>,
  );
}

test("who may decide is offered what changes something", () => {
  show(["findings:read", "findings:triage"]);
  const names = screen.getAllByRole("button").map((one) => one.textContent);
  expect(names).toEqual([
    "Take this decision back",
    "Investigate",
    "Set aside…",
    "Assign…",
    "Open again",
  ]);
});

test("who may only read is told so, and offered nothing", () => {
  show(["findings:read"]);
  expect(screen.queryAllByRole("button")).toEqual([]);
  expect(screen.getByText("Your role may read findings, not decide about them.")).toBeTruthy();
  expect(screen.getByText("A test bed.")).toBeTruthy();
});
