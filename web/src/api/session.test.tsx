import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { fireEvent, render, screen } from "@testing-library/react";
import { createMemoryRouter, RouterProvider } from "react-router";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { language, speak } from "@/words/words";
import { tenant } from "./client";
import { SignedIn, useSession } from "./session";

beforeEach(() => speak("en"));
afterEach(() => vi.unstubAllGlobals());

function Inside() {
  const { can, enter } = useSession();
  return (
    <button type="button" onClick={() => enter("other")}>
      {can("findings:triage") ? "decides" : "reads"}
    </button>
  );
}

function show(me: Record<string, unknown>) {
  vi.stubGlobal("fetch", async () => Response.json({ language: "en", permissions: [], ...me }));
  const client = new QueryClient();
  const element = (
    <SignedIn>
      <Inside />
    </SignedIn>
  );
  const router = createMemoryRouter(
    [
      { path: "/set-up/*", element: <p>set up first</p> },
      { path: "*", element },
    ],
    { initialEntries: ["/findings"] },
  );
  render(
    <MantineProvider env="test">
      <QueryClientProvider client={client}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>,
  );
  return { client, router };
}

test("who must do something first is led there, wherever they wanted to go", async () => {
  const { router } = show({ must: ["set-up-second-factor"] });
  await screen.findByText("set up first");
  expect(router.state.location.pathname).toBe("/set-up/set-up-second-factor");
});

test.each([
  ["fr", "fr"],
  ["", "en"],
])("an account whose language is '%s' is spoken to in %s", async (chosen, spoken) => {
  localStorage.clear();
  speak("en", false);
  show({ language: chosen });
  await screen.findByText("reads");
  expect(language()).toBe(spoken);
});

test("what the server does not allow is not allowed here", async () => {
  show({ permissions: ["findings:read"] });
  await screen.findByText("reads");
});

test("of the tenant that one leaves nothing is kept", async () => {
  const { client } = show({ permissions: ["findings:triage"] });
  client.setQueryData(["findings", "list"], ["of the first tenant"]);
  fireEvent.click(await screen.findByText("decides"));
  expect(tenant()).toBe("other");
  expect(client.getQueryData(["findings", "list"])).toBeUndefined();
});
