import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { SessionFor } from "@/api/session";
import { speak } from "@/words/words";
import { Assign } from "./Assign";

const given: Record<string, unknown>[] = [];
const selection = { ids: ["f1", "f2"], filters: {}, q: "", count: 2 };

beforeEach(() => {
  speak("en");
  given.length = 0;
});
afterEach(() => vi.unstubAllGlobals());

function show(me: Record<string, string>) {
  vi.stubGlobal("fetch", async (request: Request) => {
    const { pathname } = new URL(request.url);
    if (request.method === "POST") {
      given.push((await request.json()) as Record<string, unknown>);
      return Response.json({ changed: 2, findings: 2, suppressions: [], assigned_before: [] });
    }
    return pathname.endsWith("/users")
      ? Response.json({ items: [{ name: "Grace", email: "grace@example.org" }] })
      : Response.json({ items: [], facets: { assignee: [{ value: "night shift", count: 3 }] } });
  });
  const onDone = vi.fn();
  const session = { can: () => true, me };
  render(
    <MantineProvider env="test">
      <QueryClientProvider client={new QueryClient()}>
        <SessionFor value={session as never}>
          <Assign selection={selection} onDone={onDone} />
        </SessionFor>
      </QueryClientProvider>
    </MantineProvider>,
  );
  return onDone;
}
const field = () =>
  screen.getByLabelText<HTMLInputElement>("Person or team", { selector: "input" });
const send = () => fireEvent.submit(field().closest("form") as HTMLFormElement);

test("nothing but Enter gives it to oneself", async () => {
  const onDone = show({ name: "Ada", email: "ada@example.org" });
  send();
  await vi.waitFor(() => expect(onDone).toHaveBeenCalledOnce());
  expect(given).toEqual([{ assignee: "Ada", findings: ["f1", "f2"] }]);
});

test("who has no name goes by the address", () => {
  show({ name: "", email: "ada@example.org" });
  expect(field().value).toBe("ada@example.org");
});

test("people, and who takes care of something already, are offered", async () => {
  show({ name: "Ada", email: "" });
  fireEvent.change(field(), { target: { value: "g" } });
  await screen.findByText("Grace");
  await screen.findByText("night shift");
});

test("an empty field gives it to nobody, and says so", async () => {
  const onDone = show({ name: "Ada", email: "" });
  fireEvent.change(field(), { target: { value: "" } });
  await screen.findByText("Assign to nobody");
  send();
  await vi.waitFor(() => expect(onDone).toHaveBeenCalledOnce());
  expect(given).toEqual([{ assignee: "", findings: ["f1", "f2"] }]);
});
