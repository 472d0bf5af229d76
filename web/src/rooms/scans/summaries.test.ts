import { expect, test } from "vitest";
import { didOf, findingsOf, mergedOf, type Said, saidOf } from "./summaries";

const ASSETS = {
  a1: { name: "shop:1", new: 12, reopened: 1, closed: 3, seen: 90, counting: 100 },
};

test("a summary is read, and nothing of it is nothing yet", () => {
  expect(saidOf(null)).toBeUndefined();
  const said = saidOf({
    new: 12,
    closed: 3,
    reopened: 1,
    seen: 90,
    assets: ASSETS,
    runs: { complete: 1 },
    problems: [{ tool: "grype", message: "half a page", hint: "Run it again." }],
    problem_count: 1,
  }) as Said;
  expect(said.fresh).toBe(12);
  expect(said.assets[0]).toMatchObject({ id: "a1", name: "shop:1", seen: 90 });
  expect(said.problems[0]?.hint).toBe("Run it again.");
  expect(said.isWhole).toBe(true);
  expect(said.error).toBeUndefined();
});

test("a run that did not see everything is told apart", () => {
  expect(saidOf({ runs: { complete: 1, partial: 1 } })?.isWhole).toBe(false);
});

test("what failed says why and what to do", () => {
  const error = saidOf({ error: { message: "not JSON", hint: "Give it whole." } })?.error;
  expect(error).toEqual({ message: "not JSON", hint: "Give it whole." });
});

test("findings are those of its assets, or those that an import did something to", () => {
  const said = saidOf({ assets: ASSETS }) as Said;
  expect(findingsOf(said)).toBe("/findings?asset_id=a1&counts=true&sort=-score");
  expect(didOf("closed_in", "i1")).toBe("/findings?closed_in=i1&sort=-score");
});

test("reports of two scanners about one asset merge, two of the same do not", () => {
  const said = saidOf({ assets: ASSETS });
  const other = saidOf({ assets: { a1: { name: "shop:1", seen: 80 }, a2: { seen: 1 } } });
  expect(
    mergedOf([
      { format: "grype", said },
      { format: "trivy", said: other },
    ]),
  ).toEqual([{ id: "a1", name: "shop:1", formats: ["grype", "trivy"], seen: 170 }]);
  expect(
    mergedOf([
      { format: "grype", said },
      { format: "grype", said: other },
    ]),
  ).toEqual([]);
  expect(mergedOf([{ format: "grype", said: undefined }])).toEqual([]);
});
