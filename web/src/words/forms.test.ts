import { expect, test } from "vitest";
import { numbers, spans, times } from "./forms";

test("a form is made once for each language and each of its options", () => {
  const share = { style: "percent" } as const;
  expect(numbers("fr", share)).toBe(numbers("fr", { ...share }));
  expect(numbers("fr", share).format(0.5)).toMatch(/^50\s%$/);
  expect(numbers("en", share).format(0.5)).toBe("50%");
  expect(numbers("en").format(1234.5)).toBe("1,234.5");
});

test("zones and ways to say a span are not mixed up", () => {
  const noon = new Date("2026-11-21T12:00:00Z");
  const hour = (timeZone: string) => times("fr", { hour: "numeric", timeZone }).format(noon);
  expect([hour("UTC"), hour("Europe/Paris")]).toEqual(["12 h", "13 h"]);
  expect(spans("en", { numeric: "auto" }).format(-1, "day")).toBe("yesterday");
  expect(spans("en", { numeric: "always" }).format(-1, "day")).toBe("1 day ago");
});
