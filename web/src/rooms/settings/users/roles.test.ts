import { expect, test } from "vitest";
import { speak } from "@/words/words";
import { byResource, permissionName, roleName } from "./roles";

test("permissions stand together by what they are about", () => {
  speak("en");
  const permissions = ["jobs:read", "findings:comment", "findings:read", "findings:triage"];
  const findings = ["findings", ["read", "comment", "triage"]];
  expect(byResource(permissions)).toEqual([findings, ["jobs", ["read"]]]);
  expect(byResource(["users:read", "api-keys:read"]).map(([name]) => name)).toEqual([
    "api-keys",
    "users",
  ]);
  speak("fr"); // "Clés d'API", "Personnes"
  expect(byResource(["users:read", "assets:read"]).map(([name]) => name)).toEqual([
    "assets",
    "users",
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
