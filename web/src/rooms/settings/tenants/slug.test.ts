import { expect, test } from "vitest";
import { slugOf } from "./slug";

test.each([
  ["Société Générale d'Eau", "societe-generale-d-eau"],
  ["  Acme, Ltd. ", "acme-ltd"],
  ["日本", ""],
  [`${"a".repeat(62)} b`, "a".repeat(62)],
])("%s", (name, slug) => {
  expect(slugOf(name)).toBe(slug);
});
