import { expect, test } from "vitest";
import { speak } from "@/words/words";
import { actionName, subjectName } from "./actions";

test("an action says what was done to what, in both languages", () => {
  speak("en");
  expect(actionName("policy.change")).toBe("Policy: changed");
  expect(actionName("sign-in")).toBe("Signed in");
  speak("fr");
  expect(actionName("policy.change")).toBe("Politique\u00a0: modification");
  expect(subjectName("api-key")).toBe("Clé d'API");
});

test("what nobody has words for yet stays as it came", () => {
  speak("en");
  expect(actionName("sonde.melt")).toBe("sonde: melt");
  expect(actionName("odd")).toBe("odd");
});
