import { expect, test } from "vitest";
import { CONTENTS, contentName, filtersOf } from "./contents";

test("every content has a name and filters of the findings", () => {
  for (const one of CONTENTS) expect(contentName(one)).not.toBe(one);
  expect(filtersOf("grave", "")).toEqual({ counts: "true", severity: "critical,high" });
  expect(filtersOf("all", "")).toEqual({});
});

test("part of an asset's name narrows it down", () => {
  expect(filtersOf("now", " shop ")).toEqual({
    counts: "true",
    decision: "act now",
    "asset.has": "shop",
  });
});
