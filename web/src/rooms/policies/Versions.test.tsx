import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { SessionFor } from "@/api/session";
import { speak } from "@/words/words";
import { Versions } from "./Versions";

const policy = {
  id: "p1",
  name: "ours",
  description: "",
  is_default: false,
  source: "name: ours\nblock: high\n",
  version: 2,
  revision: 7,
};
const at = "2026-03-01T12:00:00+00:00";
const asked: { path: string; expected: string | null }[] = [];

async function answer(request: Request): Promise<Response> {
  const path = new URL(request.url).pathname;
  if (request.method === "POST") {
    asked.push({ path, expected: request.headers.get("if-match") });
    return Response.json({ ...policy, version: 3, revision: 8 });
  }
  if (path.endsWith("/versions/1")) {
    const source = "name: ours\nblock: critical\n";
    return Response.json({ version: 1, name: "ours", actor: "", restored: null, at, source });
  }
  return Response.json([
    { version: 2, name: "ours", actor: "Grace", restored: null, at },
    { version: 1, name: "ours", actor: "Ada", restored: null, at },
  ]);
}

beforeEach(() => {
  speak("en");
  asked.length = 0;
  vi.stubGlobal("fetch", answer);
});
afterEach(() => vi.unstubAllGlobals());

function show(may: boolean) {
  const session = { can: () => may, me: {}, enter: vi.fn(), signOut: vi.fn() };
  render(
    <MantineProvider env="test">
      <QueryClientProvider client={new QueryClient()}>
        <SessionFor value={session as never}>
          <Versions policy={policy} />
        </SessionFor>
      </QueryClientProvider>
    </MantineProvider>,
  );
}

test("an earlier version is compared with what holds now", async () => {
  show(false);
  await userEvent.click(await screen.findByText("Compare with now"));
  const lines = await screen.findByLabelText("From version 1 to now");
  expect(lines.textContent).toBe("  name: ours\n- block: critical\n+ block: high\n");
  expect(screen.queryByText("Bring this one back")).toBeNull();
  expect(screen.getByText(/holds now/)).toBeTruthy();
});

test("bringing one back goes by what was read", async () => {
  show(true);
  await userEvent.click(await screen.findByText("Bring this one back"));
  await waitFor(() => expect(asked).toHaveLength(1));
  expect(asked[0]).toEqual({ path: "/api/v1/policies/p1/versions/1/restore", expected: '"7"' });
});
