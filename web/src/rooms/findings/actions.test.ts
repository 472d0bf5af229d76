import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { speak } from "@/words/words";
import { triage } from "./actions";

const asked: { path: string; body: unknown }[] = [];
let answer: Record<string, unknown> = {};

beforeEach(() => {
  speak("en");
  asked.length = 0;
  vi.stubGlobal("fetch", async (request: Request) => {
    asked.push({ path: new URL(request.url).pathname, body: await request.json() });
    return Response.json({ changed: 2, findings: 2, ...answer });
  });
});
afterEach(() => vi.unstubAllGlobals());

const selection = { ids: ["f1", "f2"], filters: {}, q: "", count: 2 };

test("undo takes back exactly what was decided", async () => {
  answer = { suppressions: ["s1", "s2"] };
  const done = await triage(selection, { status: "under_investigation" });
  expect(asked).toHaveLength(1);
  expect(asked[0]?.path).toMatch(/triage$/);
  await done.undo?.();
  expect(asked[1]).toEqual({
    path: "/api/v1/suppressions/revoke",
    body: { suppressions: ["s1", "s2"] },
  });
});

test("undo gives findings back to who had them", async () => {
  const before = [
    { assignee: "Ada", findings: ["f1"] },
    { assignee: "", findings: ["f2"] },
  ];
  answer = { suppressions: [], assigned_before: before };
  const done = await triage(selection, { assignee: "Bob" });
  await done.undo?.();
  expect(asked.slice(1).map((one) => one.body)).toEqual(before);
});

test("what changed nothing cannot be undone", async () => {
  answer = { suppressions: [], assigned_before: [] };
  expect((await triage(selection, { assignee: "Bob" })).undo).toBeUndefined();
});
