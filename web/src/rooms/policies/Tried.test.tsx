import { MantineProvider } from "@mantine/core";
import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { MemoryRouter } from "react-router";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { SessionFor } from "@/api/session";
import { speak } from "@/words/words";
import { Tried } from "./Tried";

const FINGERPRINT = "0123456789abcdef0123456789abcdef";
const ruling = { rule: "severe", blocks: true, waiver: "", remedy: "Upgrade left to 1.2" };
const ANSWER = {
  outcome: "fail",
  policy: "ours",
  policy_version: null,
  findings: 3,
  by_severity: { critical: 1, high: 2 },
  rulings: [
    { ...ruling, subject: FINGERPRINT, text: "CVE-2024-1 in left is blocked by severe" },
    { ...ruling, subject: "trivy", text: "trivy failed" },
  ],
};

beforeEach(() => {
  speak("en");
  vi.stubGlobal("fetch", async (request: Request) =>
    Response.json(
      request.method === "POST"
        ? ANSWER
        : { items: [{ id: "a1" }], total: 1, next: "", facets: {} },
    ),
  );
});
afterEach(() => vi.unstubAllGlobals());

test("what a dry run counts and names leads to it", async () => {
  const session = { can: () => true, me: {}, enter: vi.fn(), signOut: vi.fn() };
  render(
    <MantineProvider env="test">
      <MemoryRouter>
        <SessionFor value={session as never}>
          <Tried source="block: high" />
        </SessionFor>
      </MemoryRouter>
    </MantineProvider>,
  );
  await userEvent.click(screen.getByText("Try it on today's findings"));
  await screen.findByText("trivy failed");
  const links = screen
    .getAllByRole("link")
    .map((one) => [one.textContent, one.getAttribute("href")]);
  expect(links).toEqual([
    ["3 findings judged", "/findings?counts=true&sort=-score"],
    ["in 1 asset", "/assets?archived=false&sort=-last_seen"],
    [expect.stringContaining("Critical"), "/findings?counts=true&severity=critical&sort=-score"],
    [expect.stringContaining("High"), "/findings?counts=true&severity=high&sort=-score"],
    ["CVE-2024-1 in left is blocked by severe", `/findings?fingerprint=${FINGERPRINT}&sort=-score`],
  ]);
});
