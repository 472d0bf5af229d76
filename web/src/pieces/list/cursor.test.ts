import { expect, test } from "vitest";
import { placeOf } from "./cursor";

const on = (at: number, id: string) => ({ at, id });

test("it goes with its row when another comes above it", () => {
  expect(placeOf(on(1, "b"), ["a", "b", "c"])).toBe(1);
  expect(placeOf(on(1, "b"), ["new", "a", "b", "c"])).toBe(2);
});

test("it keeps its place when its row is gone, and stays in the list", () => {
  expect(placeOf(on(1, "b"), ["a", "c", "d"])).toBe(1);
  expect(placeOf(on(2, "c"), ["a"])).toBe(0);
});

test("nobody walks before anybody does", () => {
  expect(placeOf(on(-1, ""), ["a"])).toBe(-1);
});
