import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";

const css = readFileSync(path.join(import.meta.dirname, "theme.css"), "utf8");

function colours(block: string): Record<string, string> {
  const body = css.slice(css.indexOf(block)).split("}")[0] ?? "";
  return Object.fromEntries(
    [...body.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map((m) => [m[1], m[2]]),
  );
}

/** WCAG 2.2, relative luminance. */
function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(one: string, other: string): number {
  const [high = 0, low = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (high + 0.05) / (low + 0.05);
}

const INKS = ["ink", "ink-soft", "accent", "critical", "high", "medium", "low", "fine"];
const GROUNDS = ["page", "surface", "sunken", "hover", "chosen"];

describe.each([":root {", ':root[data-mantine-color-scheme="dark"]'])("%s", (block) => {
  const found = colours(block);
  test.each(INKS.flatMap((ink) => GROUNDS.map((ground) => [ink, ground] as const)))(
    "%s can be read on %s",
    (ink, ground) => {
      expect(contrast(found[ink] ?? "", found[ground] ?? "")).toBeGreaterThanOrEqual(4.5);
    },
  );
});
