import { expect, test } from "vitest";
import { speak } from "@/words/words";
import { labelsOf, labelsText, saidOf, sentencesOf } from "./rule";

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
    "new findings · from High on · on 1 asset · team=web|shop · every day from 08:00 to 18:00 · at once",
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

test("what a rule does is said in sentences", () => {
  speak("en");
  const conditions = {
    events: ["finding.new", "finding.reopened"],
    severity: "high",
    kinds: ["secret"],
    hours: [
      { from: "08:00", until: "18:00", days: ["mon", "tue", "wed", "thu", "fri"] },
      { from: "22:00", until: "06:00", days: ["sat", "sun"] },
    ],
  };
  expect(sentencesOf({ conditions, mode: "now", digest_cron: "" }, "Ops")).toEqual([
    "Ops is told at once of new findings and findings that came back.",
    "Only what fits all of this: from High on; Secret.",
    "What nobody rated passes too.",
    "Only Monday to Friday from 08:00 to 18:00 and Saturday and Sunday from 22:00 to 06:00 of the next day; of what happens at other times this rule tells nothing.",
  ]);
  speak("fr");
  const digest = { conditions: { events: ["scan.failed"] }, mode: "digest" };
  expect(sentencesOf({ ...digest, digest_cron: "0 8 * * *" }, "Ops")).toEqual([
    "Ops reçoit un récapitulatif chaque jour à 08:00\u00a0: analyses échouées.",
  ]);
});

test("quiet hours are said, and what goes through them", () => {
  speak("en");
  const hours = [{ from: "22:00", until: "07:00", days: [] }];
  const rule = { conditions: { events: ["finding.new"] }, mode: "now", digest_cron: "" };
  const quiet = { hours, below: "high" };
  expect(saidOf({ ...rule, quiet })).toBe(
    "new findings · quiet every day from 22:00 to 07:00 of the next day · at once",
  );
  expect(sentencesOf({ ...rule, quiet }, "Ops")[1]).toBe(
    "Quiet hours, every day from 22:00 to 07:00 of the next day: what is less severe than High waits until they are over.",
  );
  expect(sentencesOf({ ...rule, quiet: null }, "Ops")).toHaveLength(1);
  speak("fr");
  expect(sentencesOf({ ...rule, quiet }, "Ops")[1]).toBe(
    "Heures calmes, chaque jour de 22:00 à 07:00 le lendemain\u00a0: ce qui est moins grave que Élevée attend leur fin.",
  );
});

test("a rule that leaves out what nobody rated does not say that it passes", () => {
  speak("en");
  const conditions = { events: ["finding.new"], severity: "high", unknown: false };
  const said = sentencesOf({ conditions, mode: "now", digest_cron: "" }, "Ops");
  expect(said).toHaveLength(2);
});
