import { expect, test } from "vitest";
import { speak } from "@/words/words";
import { labelsOf, labelsText, saidOf } from "./rule";

test("a rule says what it tells of, and when", () => {
  speak("en");
  const conditions = {
    events: ["finding.new"],
    severity: "high",
    assets: ["shop"],
    labels: { team: ["web", "shop"] },
    hours: [{ from: "08:00", until: "18:00", days: [] }],
  };
  expect(saidOf({ conditions, mode: "now", digest_cron: "" })).toBe(
    "new findings · from High on · on 1 asset · team=web|shop · 08:00–18:00 · at once",
  );
  const digest = { conditions: { events: ["finding.closed"] }, mode: "digest" };
  expect(saidOf({ ...digest, digest_cron: "0 8 * * *" })).toBe(
    "closed findings · every day at 08:00",
  );
});

test("labels are read as they are written", () => {
  const labels = { team: ["shop", "web"], tier: ["1"] };
  expect(labelsOf("team=shop, web\n\ntier = 1\nnothing")).toEqual(labels);
  expect(labelsOf(labelsText(labels))).toEqual(labels);
});
