import { expect, test } from "vitest";
import { speak } from "@/words/words";
import { agentName } from "./agents";

const CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36";

test.each([
  [CHROME, "Chrome · Linux"],
  [`${CHROME} Edg/140.0`, "Edge · Linux"],
  ["Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18 Safari/604", "Safari · iOS"],
  ["curl/8.5.0", "curl"],
  ["Something/1", "Something/1"],
])("%s", (agent, name) => {
  expect(agentName(agent)).toBe(name);
});

test("what was not said is unknown", () => {
  speak("en");
  expect(agentName("")).toBe("Unknown device");
});
