import { expect, test } from "vitest";
import { type Chain, isOldInSight, renewed, type Sight } from "./chain";

interface Row {
  id: number;
}
const PAGE = 10;
const TOP: Sight = [0, PAGE - 1];

/** A server with rows in the order of their ids; a cursor is the id of the last row before. */
class Server {
  asked: string[] = [];
  constructor(public ids: number[]) {}

  ask = async (cursor: string) => {
    this.asked.push(cursor);
    const rest = this.ids.filter((id) => cursor === "" || id > Number(cursor));
    const items = rest.slice(0, PAGE).map((id) => ({ id }));
    const next = rest.length > PAGE ? String(items.at(-1)?.id) : "";
    return { items, next, total: this.ids.length, exact: true, facets: {} };
  };
}

const even = (count: number) => Array.from({ length: count }, (_, at) => at * 2);
const rowsOf = (chain: Chain<Row>) =>
  chain.links.flatMap((link) => link.page.items.map((row) => row.id));
const shownIn = (chain: Chain<Row>, [from, to]: Sight) => rowsOf(chain).slice(from, to + 1);

async function loaded(server: Server, pages: number): Promise<Chain<Row>> {
  let chain = await renewed<Row>(undefined, { sight: TOP, isWhole: true, more: false }, server.ask);
  for (let at = 1; at < pages; at++) {
    const sight: Sight = [at * PAGE - 5, at * PAGE - 1];
    chain = await renewed(chain, { sight, isWhole: false, more: true }, server.ask);
  }
  expect(chain.links).toHaveLength(pages);
  server.asked.length = 0;
  return chain;
}

test("a hundred pages are there, and a change asks for the two in sight", async () => {
  const server = new Server(even(2_000));
  const chain = await loaded(server, 100);
  const sight: Sight = [505, 512];
  const before = shownIn(chain, sight);
  server.ids = [1, 3, ...server.ids].sort((one, other) => one - other);
  const after = await renewed(chain, { sight, isWhole: true, more: false }, server.ask);
  expect(server.asked).toHaveLength(2);
  expect(shownIn(after, sight)).toEqual(before); // rows that came above them move nothing
  expect(after.links).toHaveLength(100);
  expect(after.total).toBe(2_002);
  expect(isOldInSight(after, sight)).toBe(false);
  expect(isOldInSight(after, TOP)).toBe(true);
});

test("what grew old is asked anew when one comes to see it, and only then", async () => {
  const server = new Server(even(400));
  let chain = await loaded(server, 20);
  chain = await renewed(chain, { sight: [100, 109], isWhole: true, more: false }, server.ask);
  server.ids = server.ids.filter((id) => id !== 4);
  server.asked.length = 0;
  chain = await renewed(chain, { sight: TOP, isWhole: false, more: false }, server.ask);
  expect(server.asked).toEqual([""]);
  expect(shownIn(chain, TOP)).toEqual(server.ids.slice(0, PAGE));
  server.asked.length = 0;
  await renewed(chain, { sight: TOP, isWhole: false, more: false }, server.ask);
  expect(server.asked).toEqual([]);
});

test("a list that became shorter ends where it ends", async () => {
  const server = new Server(even(60));
  const chain = await loaded(server, 6);
  server.ids = even(25);
  const sight: Sight = [20, 29];
  const after = await renewed(chain, { sight, isWhole: true, more: false }, server.ask);
  expect(rowsOf(after)).toEqual(server.ids);
  expect(after.links.at(-1)?.page.next).toBe("");
});

test("whatever comes and goes, what is in sight is what there is, without a gap", async () => {
  let seed = 7;
  const chance = (most: number) => {
    seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
    return seed % most;
  };
  const server = new Server(even(300));
  let chain = await loaded(server, 12);
  for (let turn = 0; turn < 300; turn++) {
    const changes = chance(3) > 0;
    if (changes) {
      const some = chance(600);
      server.ids = server.ids.includes(some)
        ? server.ids.filter((id) => id !== some)
        : [...server.ids, some].sort((one, other) => one - other);
    }
    const from = chance(chain.links.length * PAGE - 8);
    const sight: Sight = [from, from + 7];
    chain = await renewed(chain, { sight, isWhole: changes, more: chance(9) === 0 }, server.ask);
    const shown = shownIn(chain, sight);
    const begin = server.ids.indexOf(shown[0] ?? -1);
    expect(shown).toEqual(server.ids.slice(begin, begin + shown.length));
    expect(chain.total).toBe(server.ids.length);
  }
  for (let at = 0; at < chain.links.length; at++) {
    const sight: Sight = [at * PAGE, at * PAGE + 9];
    chain = await renewed(chain, { sight, isWhole: false, more: false }, server.ask);
  }
  const rows = rowsOf(chain);
  expect(rows).toEqual(server.ids.slice(0, rows.length)); // walked from the top, nothing is missing
});
