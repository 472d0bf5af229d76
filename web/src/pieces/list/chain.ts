/** The pages of a list, one after the other: each begins where the one before ended.
 *
 * When rows change, only the pages in sight are asked anew; the others keep their places, so that
 * nothing moves, and are `old` until somebody comes to see them. A page is asked by its cursor,
 * which is a place in the order and not a number of rows: rows that come or go above it do not move
 * it. */
import type { PageOf } from "./types";

export interface Link<Row> {
  cursor: string;
  page: PageOf<Row>;
  /** Something changed since it was asked; it is asked anew when it comes into sight. */
  old: boolean;
}

export interface Chain<Row> {
  links: Link<Row>[];
  /** How many rows there are, as the page says that was asked last. */
  total: number;
  exact: boolean;
}

/** The first and the last row that somebody may see, or will in a moment. */
export type Sight = readonly [from: number, to: number];

interface Wish {
  sight: Sight;
  /** Something changed: what is in sight is asked anew, the rest grows old. Else only what is old. */
  isWhole: boolean;
  /** One more page at the end. */
  more: boolean;
}

type Ask<Row> = (cursor: string) => Promise<PageOf<Row>>;

/** The links that hold these rows, as numbers; there are so many rows to a page but the last. */
export function inSight<Row>(links: readonly Link<Row>[], [from, to]: Sight): [number, number] {
  const size = Math.max(1, links[0]?.page.items.length ?? 1);
  const at = (row: number) =>
    Math.min(Math.max(Math.floor(row / size), 0), Math.max(0, links.length - 1));
  return [at(from), at(to)];
}

/** Whether something in sight has changed since it was asked. */
export function isOldInSight<Row>(chain: Chain<Row>, sight: Sight): boolean {
  const [first, last] = inSight(chain.links, sight);
  return chain.links.slice(first, last + 1).some((link) => link.old);
}

/** The chain with what is in sight as it is now. Asks as many pages as are in sight, and one for
 * `more`, however many there are. */
export async function renewed<Row>(
  chain: Chain<Row> | undefined,
  wish: Wish,
  ask: Ask<Row>,
): Promise<Chain<Row>> {
  if (!chain || chain.links.length === 0) {
    const page = await ask("");
    return { links: [{ cursor: "", page, old: false }], total: page.total, exact: page.exact };
  }
  const links = chain.links.map((link) => (wish.isWhole ? { ...link, old: true } : link));
  let { total, exact } = chain;
  const fetched = async (cursor: string): Promise<Link<Row>> => {
    const page = await ask(cursor);
    ({ total, exact } = page);
    return { cursor, page, old: false };
  };
  const [first, last] = inSight(links, wish.sight);
  for (let at = first; at <= last && at < links.length; at++) {
    const link = links[at] as Link<Row>;
    if (!link.old) continue;
    const before = links[at - 1];
    const fresh = await fetched(before && !before.old ? before.page.next : link.cursor);
    links[at] = fresh;
    const after = links[at + 1];
    if (!fresh.page.next) links.length = at + 1;
    else if (after && after.cursor !== fresh.page.next) {
      links[at + 1] = { ...after, old: true }; // between them rows came or went
    }
  }
  const end = links.at(-1)?.page.next;
  if (wish.more && end) links.push(await fetched(end));
  return { links, total, exact };
}
