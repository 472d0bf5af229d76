import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { fireEvent, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { SessionFor } from "@/api/session";
import { speak } from "@/words/words";
import { ProviderForm } from "./ProviderForm";
import type { Provider } from "./provider";

const KEPT: Provider = {
  id: "p1",
  name: "Acme",
  issuer: "https://id.example.org",
  client_id: "vigie",
  client_secret: "secret://sign-on-acme-1f",
  scopes: [],
  groups_claim: "groups",
  roles: { it: "analyst" },
  default_role: "",
  enabled: true,
  redirect_uri: "",
  revision: 3,
};
let asked: { what: string; body: Record<string, unknown>; expected: string | null }[];
let refusal: Response | undefined;

async function answer(request: Request): Promise<Response> {
  const path = new URL(request.url).pathname.replace("/api/v1", "");
  if (path === "/roles") {
    return Response.json({
      roles: [{ name: "admin", permissions: [], manages: ["admin", "analyst", "viewer"] }],
    });
  }
  if (request.method === "GET") return Response.json({ ...KEPT, name: "Theirs", revision: 4 });
  const expected = request.headers.get("if-match");
  asked.push({ what: `${request.method} ${path}`, body: await request.json(), expected });
  if (path.startsWith("/secrets/")) {
    return Response.json({ reference: path.replace("/secrets/", "secret://") });
  }
  const refused = refusal;
  refusal = undefined;
  return refused ?? Response.json({ ...KEPT, id: "p2" });
}

const refuse = (status: number, said: Record<string, unknown>) =>
  Response.json({ title: "Not understood", status, ...said }, { status });

beforeEach(() => {
  speak("en");
  asked = [];
  refusal = undefined;
  vi.stubGlobal("fetch", answer);
});
afterEach(() => vi.unstubAllGlobals());

function opened(provider?: Provider) {
  const told = { onClose: vi.fn(), onMade: vi.fn() };
  const session = { can: () => true, me: { role: "admin" }, enter: vi.fn(), signOut: vi.fn() };
  render(
    <MantineProvider env="test">
      <QueryClientProvider client={new QueryClient()}>
        <SessionFor value={session as never}>
          <ProviderForm {...(provider ? { provider } : {})} {...told} />
        </SessionFor>
      </QueryClientProvider>
    </MantineProvider>,
  );
  return told;
}

const field = (name: RegExp | string) => screen.findByLabelText<HTMLInputElement>(name);
const press = async (name: string) =>
  userEvent.click(await screen.findByRole("button", { name, hidden: true }));

// Typing letter by letter draws the whole form for each.
const type = (into: HTMLInputElement, value: string) =>
  fireEvent.change(into, { target: { value } });

async function filled(issuer = "https://id.example.org") {
  type(await field(/^Name/), "Acme");
  type(await field(/^Issuer/), issuer);
  type(await field(/^Client ID/), "vigie");
  type(await field(/^Client secret/), "s3cret");
}

test("the secret is sealed, and the provider is told its name alone", async () => {
  const told = opened();
  await filled();
  await press("Add a group");
  type(await field("Group 1"), "it");
  await press("Add the provider");
  await vi.waitFor(() => expect(told.onMade).toHaveBeenCalledWith("p2"));
  const [sealed, made] = asked;
  expect(sealed?.what).toMatch(/^PUT \/secrets\/sign-on-acme-[0-9a-f]{8}$/);
  expect(sealed?.body).toEqual({ value: "s3cret" });
  expect(made).toMatchObject({ what: "POST /sign-on", body: { roles: { it: "viewer" } } });
  expect(made?.body.client_secret).toBe(sealed?.what.replace("PUT /secrets/", "secret://"));
  expect(told.onClose).toHaveBeenCalledOnce();
});

test("an issuer that is none is said at its field, and nothing is sent", async () => {
  const told = opened();
  await filled("http://id.example.org");
  await press("Add the provider");
  expect(await screen.findByText("It must begin with https:// and name a host.")).toBeTruthy();
  await vi.waitFor(async () => expect(document.activeElement).toBe(await field(/^Issuer/)));
  expect(asked).toEqual([]);
  expect(told.onClose).not.toHaveBeenCalled();
});

test("what the server says of a field stands at the field", async () => {
  opened();
  await filled();
  refusal = refuse(422, { errors: [{ field: "body.client_id", detail: "not like this" }] });
  await press("Add the provider");
  expect(await screen.findByText("not like this")).toBeTruthy();
  expect((await field(/^Client ID/)).getAttribute("aria-invalid")).toBe("true");
  expect(screen.queryByText("Not understood")).toBeNull();
});

test("what it says of anything else stands in the dialog, with what to do", async () => {
  opened();
  await filled();
  refusal = refuse(422, { detail: "it leads inside", hint: "Add it to outbound.allowed." });
  await press("Add the provider");
  expect(await screen.findByText("it leads inside")).toBeTruthy();
  expect(screen.getByText("Add it to outbound.allowed.")).toBeTruthy();
});

test("without a role for anybody it says that nobody is let in", async () => {
  opened();
  expect(await screen.findByText(/^As it stands nobody is let in/)).toBeTruthy();
  await press("Add a group");
  type(await field("Group 1"), "it");
  expect(screen.queryByText(/^As it stands nobody is let in/)).toBeNull();
});

test("a change keeps the secret that nobody typed", async () => {
  const told = opened(KEPT);
  type(await field(/^Name/), "Acme and sons");
  await press("Save");
  await vi.waitFor(() => expect(told.onClose).toHaveBeenCalledOnce());
  expect(asked.map((one) => one.what)).toEqual(["PATCH /sign-on/p1"]);
  expect(asked[0]?.expected).toBe('"3"');
  expect(asked[0]?.body).toMatchObject({ name: "Acme and sons", roles: { it: "analyst" } });
  expect(asked[0]?.body).not.toHaveProperty("client_secret");
  expect(asked[0]?.body).not.toHaveProperty("enabled");
  expect(told.onMade).not.toHaveBeenCalled();
});

test("of two who change it the second is told, loses nothing and may save again", async () => {
  const told = opened(KEPT);
  type(await field(/^Client secret/), "n3w");
  refusal = refuse(412, { title: "Changed by somebody else" });
  await press("Save");
  expect(await screen.findByText("Changed by somebody else")).toBeTruthy();
  expect((await field(/^Client secret/)).value).toBe("n3w");
  await press("Save");
  await vi.waitFor(() => expect(told.onClose).toHaveBeenCalledOnce());
  const changes = asked.filter((one) => one.what.startsWith("PATCH"));
  expect(changes.map((one) => one.expected)).toEqual(['"3"', '"4"']);
  expect(asked[0]?.what).toBe("PUT /secrets/sign-on-acme-1f");
});
