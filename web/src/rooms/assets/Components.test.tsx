import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render, screen } from "@testing-library/react";
import { MemoryRouter } from "react-router";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { speak } from "@/words/words";
import { Components } from "./Components";

beforeEach(() => speak("fr"));
afterEach(() => vi.unstubAllGlobals());

test("how many open findings a component has is said, and leads to them", async () => {
  const row = { id: "c1", name: "left-pad", version: "1.0", type: "npm", licences: ["MIT"] };
  const items = [{ ...row, findings: 1234 }];
  vi.stubGlobal("fetch", async () => Response.json({ items, total: 1, next: "", facets: {} }));
  render(
    <MantineProvider env="test">
      <QueryClientProvider client={new QueryClient()}>
        <MemoryRouter>
          <Components id="a1" />
        </MemoryRouter>
      </QueryClientProvider>
    </MantineProvider>,
  );
  const link = await screen.findByRole("link");
  expect(link.textContent).toMatch(/^left-pad: 1\s234$/);
  expect(link.getAttribute("href")).toBe(
    "/findings?asset_id=a1&component_id=c1&counts=true&sort=-score",
  );
});
