import { expect, test } from "vitest";
import { speak } from "@/words/words";
import { byResource, permissionName, roleName } from "./roles";

test("permissions stand together by what they are about", () => {
  expect(byResource(["findings:read", "jobs:read", "findings:triage"])).toEqual([
    ["findings", ["read", "triage"]],
    ["jobs", ["read"]],
  ]);
});

test("a permission in words, in both languages; what is not known as it came", () => {
  speak("en");
  expect(permissionName("findings:triage")).toBe("Findings: decide");
  expect(permissionName("rockets:launch")).toBe("rockets: launch");
  speak("fr");
  expect(permissionName("findings:triage")).toBe("Constats\u00a0: décider");
  expect(roleName("viewer")).toBe("Lecteur");
});
