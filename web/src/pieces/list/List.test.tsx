import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { fireEvent, render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { createMemoryRouter, RouterProvider } from "react-router";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type Me, SessionFor } from "@/api/session";
import { Toasts } from "@/pieces/Toasts";
import { speak } from "@/words/words";
import { List } from "./List";
import type { BulkAction, Selection } from "./types";

interface Row {
  id: string;
  name: string;
}

const all = () => Array.from({ length: 230 }, (_, at) => ({ id: `r${at}`, name: `Row ${at}` }));
let ROWS: Row[] = all();
let client: QueryClient;
const SAVED = [
  {
    id: "v1",
    room: "things",
    name: "Ours",
    query: "kind=one&sort=name",
    shared: true,
    own: false,
    owner: "Grace",
    updated_at: "",
    revision: 1,
  },
];
const session = { me: {} as Me, can: () => true, signOut: async () => {}, enter: () => {} };
const asked: URL[] = [];
const drawn: string[] = []; // rows and values of facets, each time that they are

/** The server: pages of a hundred, all of them or those whose name holds the word. */
function answer(request: Request): Response {
  const url = new URL(request.url);
  if (url.pathname === "/api/v1/views") return Response.json(SAVED);
  asked.push(url);
  const word = url.searchParams.get("q") ?? "";
  const found = ROWS.filter((row) => row.name.includes(word));
  const from = Number(url.searchParams.get("cursor") || 0);
  const to = from + Number(url.searchParams.get("limit"));
  const page = {
    items: found.slice(from, to),
    next: to < found.length ? String(to) : "",
    total: found.length,
    exact: true,
    facets: { kind: [{ value: "one", count: 3 }] },
  };
  return Response.json(page);
}

beforeEach(() => {
  ROWS = all();
  speak("en");
  asked.length = 0;
  vi.stubGlobal("fetch", async (request: Request) => answer(request));
  // happy-dom lays nothing out: the table is given a height.
  for (const [name, pixels] of [
    ["clientHeight", 400],
    ["clientWidth", 1000],
  ] as const) {
    Object.defineProperty(HTMLElement.prototype, name, { configurable: true, get: () => pixels });
  }
});
afterEach(() => {
  vi.unstubAllGlobals();
  Reflect.deleteProperty(HTMLElement.prototype, "clientHeight");
  Reflect.deleteProperty(HTMLElement.prototype, "clientWidth");
});

function draw(row: Row): string {
  drawn.push(row.id);
  return row.name;
}

function show(at: string, bulk: BulkAction[] = []) {
  const element = (
    <List<Row>
      noun="things"
      title="Things"
      path="/api/v1/things"
      columns={[
        {
          id: "name",
          title: "Name",
          fields: ["name"],
          width: 100,
          cell: draw,
          sort: "name",
        },
        { id: "size", title: "Size", fields: [], width: 50, cell: () => "?", optional: true },
      ]}
      facets={[{ field: "kind", title: "Kind", name: (value) => draw({ id: value, name: value }) }]}
      views={[{ name: "All of them", query: "sort=name" }]}
      narrow={draw}
      rowName={(row) => row.name}
      bulk={bulk}
      empty={<p>Nothing yet</p>}
      drawer={(open) => <aside>Details of {open.id}</aside>}
    />
  );
  client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const router = createMemoryRouter([{ path: "/things", element }], { initialEntries: [at] });
  render(
    <MantineProvider env="test">
      <QueryClientProvider client={client}>
        <SessionFor value={session}>
          <RouterProvider router={router} />
        </SessionFor>
        <Toasts />
      </QueryClientProvider>
    </MantineProvider>,
  );
  return router;
}

test("without a question in the address it begins with the first view", async () => {
  const router = show("/things");
  await screen.findByText("Row 0");
  expect(router.state.location.search).toBe("?sort=name");
  expect(screen.getByRole("button", { name: "All of them" }).getAttribute("aria-pressed")).toBe(
    "true",
  );
});

test("only rows in sight are drawn, whatever there is", async () => {
  show("/things");
  await screen.findByText("Row 0");
  expect(screen.getByText("230")).toBeTruthy();
  expect(screen.getAllByRole("row").length).toBeLessThan(60);
  expect(screen.queryByText("Row 99")).toBeNull();
});

test("a key draws anew what it moves, and no other row", async () => {
  show("/things");
  await screen.findByText("Row 0");
  await screen.findByText("one");
  await userEvent.keyboard("j");
  drawn.length = 0;
  await userEvent.keyboard("j");
  expect(drawn.toSorted()).toEqual(["r0", "r1"]);
});

test("a row that is opened draws no facet anew", async () => {
  show("/things");
  await screen.findByText("one");
  await userEvent.keyboard("j");
  drawn.length = 0;
  await userEvent.keyboard("{Enter}");
  await screen.findByText("Details of r0");
  expect(drawn).not.toContain("one");
});

test("j and k walk, Enter opens, and the address says so", async () => {
  const router = show("/things");
  await screen.findByText("Row 0");
  await userEvent.keyboard("jjk{Enter}");
  await screen.findByText("Details of r0");
  expect(router.state.location.search).toContain("show=r0");
  await userEvent.keyboard("j");
  await screen.findByText("Details of r1");
});

test("what is typed as a filter is asked of the server and stands in the address", async () => {
  const router = show("/things");
  await screen.findByText("Row 0");
  await userEvent.keyboard("/");
  await userEvent.keyboard("kind:one 22{Enter}");
  await screen.findByText("Row 22");
  expect(new URLSearchParams(router.state.location.search).get("kind")).toBe("one");
  expect(asked.at(-1)?.searchParams.get("q")).toBe("22");
  expect(screen.queryByText("Row 0")).toBeNull();
});

test("a filter that finds nothing says so and offers the way back", async () => {
  show("/things?q=nowhere");
  await screen.findByText("Nothing matches this filter");
  await userEvent.click(
    screen.getAllByRole("button", { name: "Clear the filter" }).at(-1) as HTMLElement,
  );
  await screen.findByText("Row 0");
});

test("x chooses, an action gets what is chosen, and its message takes it back", async () => {
  const run = vi.fn(async (_: Selection) => ({ said: "Two done", undo }));
  const undo = vi.fn(async () => undefined);
  show("/things", [{ id: "do", title: "Do it", key: "d", run }]);
  await screen.findByText("Row 0");
  await userEvent.keyboard("jxjx");
  await screen.findByText("2 chosen");
  await userEvent.keyboard("d");
  await screen.findByText("Two done");
  expect(run.mock.calls[0]?.[0]).toMatchObject({ ids: ["r0", "r1"], count: 2 });
  await userEvent.click(screen.getByRole("button", { name: "Undo" }));
  await waitFor(() => expect(undo).toHaveBeenCalledOnce());
});

test("all that the filter finds can be chosen, also what is not loaded", async () => {
  const run = vi.fn(async (_: Selection) => undefined);
  show("/things?kind=one&sort=name", [{ id: "do", title: "Do it", run }]);
  await screen.findByText("Row 0");
  await userEvent.click(screen.getByRole("checkbox", { name: "Choose all rows that are loaded" }));
  await userEvent.click(await screen.findByRole("button", { name: "Choose all 230" }));
  await userEvent.click(screen.getByRole("button", { name: "Do it" }));
  expect(run.mock.calls[0]?.[0]).toEqual({
    ids: undefined,
    filters: { kind: ["one"] },
    q: "",
    count: 230,
  });
});

test("a problem is told with what to do about it", async () => {
  const body = {
    type: "urn:vigie:problem:wrong-input",
    title: "Not understood",
    status: 422,
    detail: "no field colour",
    hint: "Choose another.",
  };
  vi.stubGlobal("fetch", async () => Response.json(body, { status: 422 }));
  show("/things?colour=red");
  await screen.findByText("no field colour");
  expect(screen.getByText("Choose another.")).toBeTruthy();
});

test("a view that the tenant shares is chosen like any other, and says whose it is", async () => {
  const router = show("/things");
  await userEvent.click(await screen.findByRole("button", { name: "Ours" }));
  expect(router.state.location.search).toBe("?kind=one&sort=name");
  expect(screen.getByLabelText("Shared by Grace")).toBeTruthy();
  await userEvent.click(screen.getByLabelText("What to do with the view Ours"));
  expect(await screen.findByText("Share it no longer")).toBeTruthy();
  expect(screen.queryByText("Rename it")).toBeNull();
});

test("columns that are chosen stand in the address", async () => {
  const user = userEvent.setup();
  const router = show("/things?sort=name");
  await user.click(await screen.findByRole("button", { name: "Columns and density" }));
  await user.click(await screen.findByRole("menuitemcheckbox", { name: "Size" }));
  const said = () => new URLSearchParams(router.state.location.search).get("columns");
  await waitFor(() => expect(said()).toBe("name,size"));
  localStorage.removeItem("vigie-columns-things");
});

const pagesAsked = () =>
  asked
    .filter((url) => url.searchParams.get("limit") === "100")
    .map((url) => url.searchParams.get("cursor") ?? "");

async function scrollTo(row: number, sign = "") {
  const grid = screen.getByRole("grid");
  grid.scrollTop = row * 34;
  fireEvent.scroll(grid);
  await screen.findByText(`Row ${row + 5}${sign}`);
}

test("rows that change are asked anew where one looks, and what one looks at stays", async () => {
  show("/things", [{ id: "do", title: "Do it", run: async () => undefined }]);
  await screen.findByText("Row 0");
  await userEvent.keyboard("jx");
  await scrollTo(90);
  await scrollTo(190);
  await waitFor(() => expect(pagesAsked()).toEqual(["", "100", "200"]));
  asked.length = 0;
  ROWS = ROWS.map((row) => ({ ...row, name: `${row.name}!` }));
  await client.invalidateQueries({ queryKey: ["things"] });
  await screen.findByText("Row 195!");
  expect(pagesAsked()).toEqual(["100", "200"]); // and not the first, which nobody sees
  expect(screen.getByText("1 chosen")).toBeTruthy();
  expect(screen.getByRole("grid").scrollTop).toBe(190 * 34);
  asked.length = 0;
  await scrollTo(185, "!"); // nothing new, nothing asked
  expect(pagesAsked()).toEqual([]);
}, 10_000);

test("what grew old is asked anew as one comes back to it", async () => {
  show("/things");
  await screen.findByText("Row 0");
  await scrollTo(90);
  await scrollTo(190);
  ROWS = ROWS.map((row) => ({ ...row, name: `${row.name}!` }));
  await client.invalidateQueries({ queryKey: ["things"] });
  await screen.findByText("Row 195!");
  asked.length = 0;
  const grid = screen.getByRole("grid");
  grid.scrollTop = 0;
  fireEvent.scroll(grid);
  await screen.findByText("Row 3!");
  expect(pagesAsked()).toEqual([""]);
}, 10_000);

test("the cursor goes with its row when others come above it", async () => {
  const router = show("/things");
  await screen.findByText("Row 0");
  await userEvent.keyboard("jjj");
  ROWS = [{ id: "new", name: "Row new" }, ...ROWS];
  await client.invalidateQueries({ queryKey: ["things"] });
  await screen.findByText("Row new");
  await userEvent.keyboard("{Enter}");
  await screen.findByText("Details of r2");
  expect(router.state.location.search).toContain("show=r2");
});
