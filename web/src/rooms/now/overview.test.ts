import { beforeEach, expect, test } from "vitest";
import { speak } from "@/words/words";
import {
  isFresh,
  type Need,
  type Overview,
  reachOf,
  riskOf,
  rowsOf,
  rowsOfDay,
  sentenceOf,
  stepOf,
} from "./overview";

beforeEach(() => speak("en"));

const need = (decision: string, more: Partial<Need> = {}): Need =>
  ({
    finding: {
      decision,
      component_id: "c1",
      rule_id: "r1",
      fix_version: "1.2",
      component: { name: "openssl", version: "1.0", type: "deb", id: "c1", purl: "" },
      rule: { id: "r1", name: "CVE-1", title: "A flaw" },
    },
    by: "component_id",
    reasons: [],
    findings: 3,
    assets: 2,
    ...more,
  }) as Need;

function overview(needs: Need[], more: object = {}): Overview {
  return {
    needs,
    counts: { total: needs.length, by_decision: { "act now": needs.length } },
    coverage: { assets: 3, assessed: 3, stale: 0, never: 0 },
    ...more,
  } as unknown as Overview;
}

test("the sentence counts what is to be acted on now, and nothing else", () => {
  expect(sentenceOf(overview([need("act now"), need("act now"), need("plan")]))).toBe(
    "Two things need you today.",
  );
  expect(sentenceOf(overview([need("plan")]))).toBe("Nothing needs you today.");
});

test("when more wait than are shown, it says so", () => {
  const five = Array.from({ length: 5 }, () => need("act now"));
  const counts = { total: 80, by_decision: { "act now": 60 } };
  expect(sentenceOf(overview(five, { counts }))).toMatch(/More than five/);
  expect(sentenceOf(overview(five))).toBe("Five things need you today.");
});

test("nothing open is not said of what nobody looked at", () => {
  const unseen = { coverage: { assets: 3, assessed: 1, stale: 1, never: 1 } };
  expect(sentenceOf(overview([], unseen))).toBe("Nothing is open where somebody looked.");
  expect(sentenceOf(overview([]))).toBe("Nothing is open.");
});

test("an installation is fresh until something was looked at", () => {
  const nothing = { coverage: { assets: 0, assessed: 0, stale: 0, never: 0 } };
  expect(isFresh(overview([], nothing))).toBe(true);
  expect(isFresh(overview([]))).toBe(false);
});

test("days before anything was known are unknown, not zero", () => {
  const day = (open: number, fresh = 0, closed = 0) => ({ day: "", open, new: fresh, closed });
  expect(riskOf([day(0), day(0), day(4, 4), day(0, 0, 4)])).toEqual([null, null, 4, 0]);
  expect(riskOf([day(0), day(0)])).toEqual([null, null]);
});

test("a need names its step, its reach and its rows", () => {
  expect(stepOf(need("plan"))).toBe("Upgrade openssl to 1.2");
  expect(reachOf(need("plan"))).toBe("3 findings · 2 assets");
  expect(rowsOf(need("plan"))).toContain("component_id=c1");
  const other = need("plan", { by: "rule_id", findings: 1, assets: 1 });
  other.finding.fix_version = "";
  expect(stepOf(other)).toBe("A flaw");
  expect(reachOf(other)).toBe("1 finding");
  expect(rowsOf(other)).toContain("rule_id=r1");
});

test("a day of the line leads to what came and went on it, and today to what is open", () => {
  const day = (name: string, more = {}) => ({ day: name, open: 0, new: 0, closed: 0, ...more });
  const risk = [day("2026-03-01"), day("2026-03-02", { open: 2, new: 2 }), day("2026-03-03")];
  expect(rowsOfDay(risk, 1, "came")).toBe("/findings?came_on=2026-03-02&sort=-score");
  expect(rowsOfDay(risk, 2, "went")).toBe("/findings?went_on=2026-03-03&sort=-score");
  expect(rowsOfDay(risk, 1, "open")).toBeUndefined(); // nobody keeps what was open then
  expect(rowsOfDay(risk, 2, "open")).toBe("/findings?counts=true&sort=-score");
  expect(rowsOfDay(risk, 0, "came")).toBeUndefined(); // before anything was known
});
