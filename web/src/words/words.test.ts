import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test, vi } from "vitest";
import { filesOf, SOURCE, sentences } from "@/testing/sentences";
import {
  browserLanguage,
  dayOf,
  exactTime,
  keepTime,
  relativeTime,
  saying,
  speak,
  t,
  timeZone,
  tn,
} from "./words";

const found = sentences();
const french = filesOf(/(^|\/)fr\.json$/).map((file) => ({
  file,
  words: JSON.parse(readFileSync(path.join(SOURCE, file), "utf8")) as Record<string, string>,
}));
const all: Record<string, string> = Object.assign({}, ...french.map((one) => one.words));

test("the first language that the browser asks for and that is spoken here is the one", () => {
  const asks = (...tags: string[]) => {
    vi.stubGlobal("navigator", { languages: tags });
    return browserLanguage();
  };
  expect(asks("fr-CA", "en")).toBe("fr");
  expect(asks("de", "FR", "en")).toBe("fr");
  expect(asks("de-DE")).toBe("en");
  expect(asks()).toBe("en");
  vi.unstubAllGlobals();
});

describe("the French words", () => {
  test("there is one for every sentence", () => {
    const missing = [...new Set(found.said.map((one) => one.text))].filter((text) => !all[text]);
    expect(missing).toEqual([]);
  });

  test("none is left over", () => {
    const used = new Set(found.said.map((one) => one.text));
    expect(Object.keys(all).filter((text) => !used.has(text))).toEqual([]);
  });

  test("none stands in two files", () => {
    const keys = french.flatMap((one) => Object.keys(one.words));
    expect(keys.filter((key, at) => keys.indexOf(key) !== at)).toEqual([]);
  });

  test("each has the places of its English", () => {
    const places = (text: string) => (text.match(/\{\w+\}/g) ?? []).sort();
    const wrong = Object.entries(all).filter(
      ([en, fr]) => String(places(en)) !== String(places(fr)),
    );
    expect(wrong).toEqual([]);
  });
});

test("every sentence that is shown goes through t", () => {
  expect(found.bare).toEqual([]);
});

test("no sentence is put together: the words could not be found", () => {
  expect(found.computed).toEqual([]);
});

test("places are filled, with numbers as the language writes them", () => {
  speak("en");
  expect(t("{count} more", { count: 12345 })).toBe("12,345 more");
  speak("fr");
  expect(t("{count} more", { count: 12345 })).toBe("12\u202f345 de plus");
});

test("French is set with the spaces that keep a sign with its word", () => {
  speak("fr");
  expect(t("Six digits; a new code every thirty seconds.")).toContain("chiffres\u202f; un");
  expect(t("Where to, or what to do? Or any word of a finding or an asset")).toContain("\u202f?");
  expect(t("{subject}: {deed}", { subject: "a", deed: "b" })).toBe("a\u00a0: b");
});

test("zero is singular in French and plural in English", () => {
  speak("en");
  expect(tn(0, "{count} job", "{count} jobs")).toBe("0 jobs");
  speak("fr");
  expect(tn(0, "{count} job", "{count} jobs")).toBe("0 tâche");
  expect(tn(2, "{count} job", "{count} jobs")).toBe("2 tâches");
});

test("times are told from now, both ways", () => {
  speak("en");
  const now = Date.parse("2026-03-01T12:00:00Z");
  expect(relativeTime("2026-02-26T12:00:00Z", now)).toBe("3 days ago");
  expect(relativeTime("2026-03-31T12:00:00Z", now)).toBe("in 1 month");
  expect(relativeTime("2026-03-01T11:59:50Z", now)).toBe("just now");
  expect(relativeTime("2026-03-01T12:00:10Z", now)).toBe("now");
});

test("times are those of the zone that was chosen, else of the browser", () => {
  speak("en", false);
  const browsers = timeZone();
  keepTime("Pacific/Auckland");
  expect(timeZone()).toBe("Pacific/Auckland");
  expect(dayOf("2026-03-01T12:00:00Z")).toBe("Mar 2, 2026");
  expect(exactTime("2026-03-01T12:00:00Z")).toContain("1:00:00");
  const before = saying();
  keepTime("America/New_York");
  expect(dayOf("2026-03-02T04:00:00Z")).toBe("Mar 1, 2026");
  expect(saying()).not.toBe(before);
  keepTime("Mars/Olympus");
  expect(timeZone()).toBe(browsers);
  keepTime("");
  expect(timeZone()).toBe(browsers);
});
