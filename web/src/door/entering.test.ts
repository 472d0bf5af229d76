import { expect, test } from "vitest";
import { safePlace } from "./entering";

test.each([
  ["/findings?severity=high&show=1", "/findings?severity=high&show=1"],
  [null, "/"],
  ["", "/"],
  ["//evil.example", "/"],
  ["/\\evil.example", "/"],
  ["https://evil.example", "/"],
  ["javascript:alert(1)", "/"],
  ["/sign-in?next=/findings", "/"],
  ["/set-up/change-password", "/"],
])("after the sign-in %s leads to %s", (asked, place) => {
  expect(safePlace(asked)).toBe(place);
});
