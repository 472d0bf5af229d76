import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { speak } from "@/words/words";
import { triage } from "./actions";

const asked: { path: string; body: unknown }[] = [];

beforeEach(() => {
  speak("en");
  asked.length = 0;
  vi.stubGlobal("fetch", async (request: Request) => {
    asked.push({ path: new URL(request.url).pathname, body: await request.json() });
    return Response.json({ changed: 2, findings: 2, suppressions: ["s1", "s2"] });
  });
});
afterEach(() => vi.unstubAllGlobals());

test("undo takes back exactly what was decided", async () => {
  const selection = { ids: ["f1", "f2"], filters: {}, q: "", count: 2 };
  const done = await triage(selection, { status: "under_investigation" });
  expect(asked).toHaveLength(1);
  expect(asked[0]?.path).toMatch(/triage$/);
  await done.undo?.();
  expect(asked[1]).toEqual({
    path: "/api/v1/suppressions/revoke",
    body: { suppressions: ["s1", "s2"] },
  });
});
