import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { fireEvent, render, screen } from "@testing-library/react";
import { MemoryRouter } from "react-router";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { SessionFor } from "@/api/session";
import { speak } from "@/words/words";
import { OpenTicket } from "./OpenTicket";

const opened: Record<string, unknown>[] = [];

beforeEach(() => {
  speak("en");
  opened.length = 0;
});
afterEach(() => vi.unstubAllGlobals());

/** The button for somebody who may this, in a tenant with these ticket systems. */
function show(may: string[], channels: string[]) {
  vi.stubGlobal("fetch", async (request: Request) => {
    const { pathname } = new URL(request.url);
    if (request.method === "POST") {
      opened.push((await request.json()) as Record<string, unknown>);
      return Response.json({}, { status: 201 });
    }
    if (pathname.endsWith("/trackers")) return Response.json([{ name: "gitlab" }]);
    return Response.json({ items: channels.map((name) => ({ id: `id of ${name}`, name })) });
  });
  const session = { can: (permission: string) => may.includes(permission) };
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  return render(
    <MantineProvider env="test">
      <QueryClientProvider client={client}>
        <MemoryRouter>
          <SessionFor value={session as never}>
            <OpenTicket subject={{ finding_id: "f1" }} says />
          </SessionFor>
        </MemoryRouter>
      </QueryClientProvider>
    </MantineProvider>,
  );
}
const button = () => screen.queryByRole<HTMLButtonElement>("button", { name: "Open a ticket" });
async function press() {
  await vi.waitFor(() => expect(button()?.disabled).toBe(false));
  fireEvent.click(button() as HTMLButtonElement);
}

test("one ticket system is not asked about", async () => {
  show(["tickets:write", "channels:read"], ["board"]);
  await press();
  await vi.waitFor(() => expect(opened).toEqual([{ finding_id: "f1", channel_id: "id of board" }]));
});

test("of several, one is chosen before anything is opened", async () => {
  show(["tickets:write", "channels:read"], ["board", "other board"]);
  await press();
  fireEvent.click(await screen.findByText("other board"));
  await vi.waitFor(() =>
    expect(opened).toEqual([{ finding_id: "f1", channel_id: "id of other board" }]),
  );
});

test("without a ticket system it is said where one is connected", async () => {
  show(["tickets:write", "channels:read", "channels:write"], []);
  const link = await screen.findByRole("link", { name: "Connect one" });
  expect(link.getAttribute("href")).toBe("/settings/channels");
  expect(button()).toBeNull();
});

test("who may not see channels opens it where the settings say", async () => {
  show(["tickets:write"], ["board"]);
  await press();
  await vi.waitFor(() => expect(opened).toEqual([{ finding_id: "f1", channel_id: "" }]));
});

test("who may open none has no button", () => {
  show(["tickets:read", "channels:read"], ["board"]);
  expect(button()).toBeNull();
});
