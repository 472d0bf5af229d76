import { expect, test } from "vitest";
import { gathered } from "./ExportLog";

function pages(count: number) {
  const asked: Record<string, string>[] = [];
  const page = async (_: string, query: Record<string, string>) => {
    asked.push(query);
    const at = asked.length;
    const next = at < count ? `c${at}` : "";
    return { items: [{ id: at }], next, total: count, exact: true, facets: {} };
  };
  return { asked, page };
}

test("all pages are gathered, each asked from where the last ended", async () => {
  const { asked, page } = pages(3);
  const found = await gathered({ action: "user.create" }, page);
  expect(found).toEqual({ lines: ['{"id":1}', '{"id":2}', '{"id":3}'], isAll: true });
  expect(asked.map((one) => one.cursor)).toEqual(["", "c1", "c2"]);
  expect(asked[0]).toMatchObject({ action: "user.create", sort: "-id" });
});

test("it ends at a bound, and says that there is more", async () => {
  const { asked, page } = pages(1000);
  expect((await gathered({}, page)).isAll).toBe(false);
  expect(asked).toHaveLength(100);
});
