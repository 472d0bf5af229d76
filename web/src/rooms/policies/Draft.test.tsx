import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { fireEvent, render, screen } from "@testing-library/react";
import { createMemoryRouter, RouterProvider } from "react-router";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { SessionFor } from "@/api/session";
import { speak } from "@/words/words";
import PolicyEditor from "./PolicyEditor";

// What a policy says in words, and what it would do, are asked of the server and tested elsewhere.
vi.mock("./InWords", () => ({ InWords: () => null }));
vi.mock("./Tried", () => ({ Tried: () => null }));

const kept = { id: "p1", name: "ours", is_default: false, source: "name: ours", revision: 1 };
let now: typeof kept;
const changes: { body: { source: string }; expected: string | null }[] = [];

async function answer(request: Request): Promise<Response> {
  const path = new URL(request.url).pathname;
  if (!path.endsWith("/policies/p1")) return Response.json([]);
  if (request.method !== "PATCH") return Response.json(now);
  const body = (await request.json()) as { source: string };
  const expected = request.headers.get("if-match");
  changes.push({ body, expected });
  if (expected !== `"${now.revision}"`) {
    return Response.json({ title: "Changed by somebody else", status: 412 }, { status: 412 });
  }
  now = { ...now, ...body, revision: now.revision + 1 };
  return Response.json(now);
}

beforeEach(() => {
  speak("en");
  now = kept;
  changes.length = 0;
  vi.stubGlobal("fetch", answer);
  // happy-dom knows no fonts; a text that grows with its lines waits for them.
  Object.defineProperty(document, "fonts", { configurable: true, value: new EventTarget() });
});
afterEach(() => vi.unstubAllGlobals());

async function opened() {
  const router = createMemoryRouter([{ path: "/policies/:id", Component: PolicyEditor }], {
    initialEntries: ["/policies/p1"],
  });
  const session = { can: () => true, me: {}, enter: vi.fn(), signOut: vi.fn() };
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  render(
    <MantineProvider env="test">
      <QueryClientProvider client={client}>
        <SessionFor value={session as never}>
          <RouterProvider router={router} />
        </SessionFor>
      </QueryClientProvider>
    </MantineProvider>,
  );
  return {
    client,
    text: await screen.findByLabelText<HTMLTextAreaElement>("The policy, as YAML"),
  };
}

test("who comes second is told, keeps what they wrote, and may put it in place", async () => {
  const { text } = await opened();
  fireEvent.change(text, { target: { value: "name: ours mine" } });
  now = { ...kept, source: "name: theirs", revision: 2 };
  fireEvent.click(screen.getByText("Keep the changes"));
  await screen.findByText("Somebody else changed this policy meanwhile");
  expect(text.value).toBe("name: ours mine");
  expect(screen.getByText("name: theirs")).toBeTruthy();
  fireEvent.click(screen.getByText("Put mine in its place"));
  await vi.waitFor(() => expect(now.source).toBe("name: ours mine"));
  expect(changes.map((one) => one.expected)).toEqual(['"1"', '"2"']);
  expect(screen.queryByText("Somebody else changed this policy meanwhile")).toBeNull();
});

test("a change of somebody else that arrives while one writes is not written over", async () => {
  const { client, text } = await opened();
  fireEvent.change(text, { target: { value: "name: ours mine" } });
  now = { ...kept, source: "name: theirs", revision: 2 };
  await client.invalidateQueries();
  await screen.findByText("Somebody else changed this policy meanwhile");
  fireEvent.click(screen.getByText("Keep the changes"));
  await vi.waitFor(() => expect(changes).toHaveLength(1));
  expect(now.source).toBe("name: theirs");
  fireEvent.click(screen.getByText("Go on from theirs"));
  expect(text.value).toBe("name: theirs");
});

test("who wrote nothing sees what others wrote", async () => {
  const { client, text } = await opened();
  now = { ...kept, source: "name: theirs", revision: 2 };
  await client.invalidateQueries();
  await vi.waitFor(() => expect(text.value).toBe("name: theirs"));
  expect(screen.queryByText("Somebody else changed this policy meanwhile")).toBeNull();
});
