import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render, screen, within } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { speak } from "@/words/words";
import Roles from "./Roles";

const ROLES = [
  {
    name: "owner",
    permissions: ["assets:read", "assets:write", "findings:read", "findings:triage"],
  },
  { name: "viewer", permissions: ["assets:read", "findings:read"] },
  { name: "agent", permissions: ["findings:read"] },
];

beforeEach(() => vi.stubGlobal("fetch", async () => Response.json({ roles: ROLES, scopes: [] })));
afterEach(() => vi.unstubAllGlobals());

async function shown(language: "en" | "fr"): Promise<string[][]> {
  speak(language);
  render(
    <MantineProvider env="test">
      <QueryClientProvider client={new QueryClient()}>
        <Roles />
      </QueryClientProvider>
    </MantineProvider>,
  );
  const rows = within(await screen.findByRole("table")).getAllByRole("row");
  return rows.slice(1).map((row) => [...row.children].map((cell) => cell.textContent ?? ""));
}

test("one line says what each role may do with a thing", async () => {
  expect(await shown("en")).toEqual([
    ["Assets", "see, change", "see", "–nothing"],
    ["Findings", "see, decide", "see", "see"],
  ]);
});

test("in French too", async () => {
  const [assets] = await shown("fr");
  expect(assets).toEqual(["Actifs", "voir, modifier", "voir", "–rien"]);
});
