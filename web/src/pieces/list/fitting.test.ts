import { expect, test } from "vitest";
import { fitting, leastOf } from "./fitting";

const COLUMNS = [
  { id: "severity", width: 100, sort: "severity" },
  { id: "finding", width: 200 },
  { id: "asset", width: 100 },
  { id: "seen", width: 100, sort: "seen" },
];
const ids = (width: number, sort = "", hasChoice = false) =>
  fitting(COLUMNS, { width, sort, hasChoice }).map((one) => one.id);

test("all columns stay where there is room for them, and where the room is not known", () => {
  const least = leastOf(COLUMNS, false);
  expect(ids(least)).toEqual(["severity", "finding", "asset", "seen"]);
  expect(ids(0)).toEqual(["severity", "finding", "asset", "seen"]);
});

test("the last columns go first", () => {
  const least = leastOf(COLUMNS, false);
  expect(ids(least - 1)).toEqual(["severity", "finding", "asset"]);
  expect(ids(least - 117)).toEqual(["severity", "finding"]);
});

test("what is sorted by stays, and so does the first column", () => {
  const least = leastOf(COLUMNS, false);
  expect(ids(least - 1, "-seen")).toEqual(["severity", "finding", "seen"]);
  expect(ids(1, "-seen")).toEqual(["severity", "seen"]);
  expect(ids(1)).toEqual(["severity"]);
});

test("the box to choose a row takes its room", () => {
  const least = leastOf(COLUMNS, false);
  expect(ids(least, "", true)).toEqual(["severity", "finding", "asset"]);
});
