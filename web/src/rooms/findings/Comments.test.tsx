import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { SessionFor } from "@/api/session";
import { speak } from "@/words/words";
import { Comments } from "./Comments";

const sent: { method: string; path: string; body: unknown; match: string | null }[] = [];
const at = "2026-11-20T10:00:00Z";
const comments = [
  {
    id: "c1",
    author: "Ada",
    author_id: "u1",
    body: "We never cal it.",
    created_at: at,
    revision: 3,
  },
  { id: "c2", author: "Bob", author_id: "u2", body: "Are you sure?", created_at: at, revision: 1 },
];

beforeEach(() => {
  speak("en");
  sent.length = 0;
  vi.stubGlobal("fetch", async (request: Request) => {
    const { method, headers } = request;
    const body: unknown = method === "DELETE" ? undefined : await request.json();
    const path = new URL(request.url).pathname;
    sent.push({ method, path, body, match: headers.get("If-Match") });
    return method === "DELETE" ? new Response(null, { status: 204 }) : Response.json({});
  });
});
afterEach(() => vi.unstubAllGlobals());

function show(may = true) {
  const session = { can: () => may, me: { id: "u1" } };
  render(
    <MantineProvider env="test">
      <QueryClientProvider client={new QueryClient()}>
        <SessionFor value={session as never}>
          <Comments finding={{ id: "f1", comments } as never} />
        </SessionFor>
      </QueryClientProvider>
    </MantineProvider>,
  );
}

test("only one's own words can be changed and taken away", () => {
  show();
  expect(screen.getAllByRole("button", { name: "Change" })).toHaveLength(1);
  expect(screen.getAllByRole("button", { name: "Delete" })).toHaveLength(1);
});

test("who may not comment changes nothing", () => {
  show(false);
  expect(screen.queryAllByRole("button")).toEqual([]);
  expect(screen.getByText("Are you sure?")).toBeTruthy();
});

test("what was written is changed where it stands, as the revision that was read", async () => {
  show();
  fireEvent.click(screen.getByRole("button", { name: "Change" }));
  const field = screen.getByDisplayValue("We never cal it.");
  fireEvent.change(field, { target: { value: "We never call it." } });
  fireEvent.submit(field.closest("form") as HTMLFormElement);
  await vi.waitFor(() => expect(screen.queryByDisplayValue("We never call it.")).toBeNull());
  expect(sent).toEqual([
    {
      method: "PATCH",
      path: "/api/v1/findings/f1/comments/c1",
      body: { body: "We never call it." },
      match: '"3"',
    },
  ]);
});

test("to leave it changes nothing", () => {
  show();
  fireEvent.click(screen.getByRole("button", { name: "Change" }));
  fireEvent.click(screen.getByRole("button", { name: "Cancel" }));
  expect(screen.getByText("We never cal it.")).toBeTruthy();
  expect(sent).toEqual([]);
});
