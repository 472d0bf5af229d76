import { expect, test } from "vitest";
import { SEVERITIES, severityName, stageName } from "./nouns";
import { speak } from "./words";

test("the worst severity stands first, and what nobody said last", () => {
  expect(SEVERITIES).toEqual(["critical", "high", "medium", "low", "none", "unknown"]);
});

test("a value without words stays as it came; a stage without words is a scanner", () => {
  speak("en");
  expect(severityName("critical")).toBe("Critical");
  expect(severityName("dreadful")).toBe("dreadful");
  expect(stageName("merging")).toBe("merging what was said");
  expect(stageName("trivy")).toBe("running trivy");
  expect(stageName("")).toBe("");
});
