import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { keep, kept } from "./kept";
import { left, type SavedView, save, takeOver } from "./views";

const sent: { method: string; path: string; body: Record<string, unknown> }[] = [];
let refused = "";

async function answer(request: Request): Promise<Response> {
  const body = (await request.json()) as Record<string, unknown>;
  sent.push({ method: request.method, path: new URL(request.url).pathname, body });
  if (body.name === refused) return Response.json({ title: "No" }, { status: 409 });
  return Response.json(saved({ ...body, id: `v${sent.length}` }), { status: 201 });
}

function saved(values: Partial<SavedView>): SavedView {
  const usual = { room: "findings", name: "Mine", query: "q=x", shared: false, own: true };
  return { id: "v0", owner: "Ada", updated_at: "", revision: 1, ...usual, ...values };
}

beforeEach(() => {
  sent.length = 0;
  refused = "";
  vi.stubGlobal("fetch", answer);
});
afterEach(() => vi.unstubAllGlobals());

test("a name that one has already shows something else from now on", async () => {
  const known = [saved({ own: false, name: "Theirs" }), saved({ id: "v7" })];
  await save("findings", { name: "Mine", query: "q=y" }, false, known);
  await save("findings", { name: "Theirs", query: "q=y" }, true, known);
  expect(sent.map((one) => `${one.method} ${one.path}`)).toEqual([
    "PATCH /api/v1/views/v7",
    "POST /api/v1/views",
  ]);
  expect(sent[0]?.body).toEqual({ query: "q=y" });
  expect(sent[1]?.body.shared).toBe(true);
});

test("what this browser kept is brought over once, and nothing of another name is lost", async () => {
  keep("views-findings", [
    { name: "Same", query: "sort=-score&q=x" },
    { name: "Mine", query: "q=other" },
    { name: "New", query: "q=new" },
  ]);
  await takeOver("findings", [saved({ name: "Same", query: "q=x&sort=-score" }), saved({})]);
  expect(sent.map((one) => [one.body.name, one.body.query])).toEqual([
    ["Mine (2)", "q=other"],
    ["New", "q=new"],
  ]);
  expect(left("findings")).toEqual([]);
});

test("what the server refuses stays in this browser", async () => {
  keep("views-findings", [
    { name: "One", query: "q=1" },
    { name: "Two", query: "q=2" },
  ]);
  refused = "Two";
  await expect(takeOver("findings", [])).rejects.toThrow();
  expect(left("findings")).toEqual([{ name: "Two", query: "q=2" }]);
});

test("what is no view is passed over", () => {
  keep("views-findings", [{ name: 3 }, null, { name: "a", query: "q=1" }]);
  expect(left("findings")).toEqual([{ name: "a", query: "q=1" }]);
  keep("views-findings", "nonsense");
  expect(left("findings")).toEqual([]);
  expect(kept("views-findings", "")).toBe("nonsense");
});
