import { beforeEach, expect, test } from "vitest";
import { Problem } from "@/api/problems";
import { speak } from "@/words/words";
import {
  doorOf,
  fieldErrors,
  givenOf,
  issuerLack,
  isTwice,
  type Role,
  rolesOf,
  secretName,
} from "./provider";

beforeEach(() => speak("en"));

test.each(["https://id.example.org/realms/acme", "http://localhost:8080", "http://[::1]:8080/"])(
  "%s may be an issuer",
  (issuer) => {
    expect(issuerLack(issuer)).toBe("");
  },
);

test.each([
  "",
  "id.example.org",
  "http://id.example.org",
  "https:",
  "https:///realms",
  "ftp://localhost",
])("%j is none", (issuer) => {
  expect(issuerLack(issuer)).not.toBe("");
});

test("the door is at the address that the provider sends people back to", () => {
  const redirect = "https://vigie.example.org/api/v1/auth/sign-on/callback";
  expect(doorOf("acme", redirect)).toBe("https://vigie.example.org/sign-in?tenant=acme");
  expect(doorOf("a&b", "")).toBe(`${location.origin}/sign-in?tenant=a%26b`);
});

test("lines stand by role and name, and come back as they were", () => {
  const roles = { "it-b": "viewer", bosses: "owner", "it-a": "viewer" };
  const given = givenOf(roles);
  expect(given.map((one) => one.group)).toEqual(["bosses", "it-a", "it-b"]);
  expect(rolesOf([...given, { group: "  ", role: "admin" }])).toEqual(roles);
});

test("a group that stands above is seen, an empty line is not", () => {
  const role: Role = "viewer";
  const given = ["it", "", " it ", "", "IT"].map((group) => ({ group, role }));
  expect(given.map((_, at) => isTwice(given, at))).toEqual([false, false, true, false, false]);
});

test("a secret that was sealed here keeps its name, any other is left alone", () => {
  expect(secretName("Équipe Acme", "", "1f")).toBe("sign-on-equipe-acme-1f");
  expect(secretName("New name", "secret://sign-on-acme-1f", "2e")).toBe("sign-on-acme-1f");
  expect(secretName("Acme", "secret://shared", "2e")).toBe("sign-on-acme-2e");
  expect(secretName("株", "", "2e")).toBe("sign-on-2e");
});

test("what the server says of fields goes to them; of anything else to the dialog", () => {
  const problem = (...fields: string[]) =>
    new Problem({ errors: fields.map((field) => ({ field, detail: `${field}!` })) });
  const known = ["issuer", "roles"];
  expect(fieldErrors(problem("body.issuer", "body.roles.it"), known)).toEqual({
    issuer: "body.issuer!",
    roles: "body.roles.it!",
  });
  expect(fieldErrors(problem("body.issuer", "header.if-match"), known)).toBeUndefined();
  expect(fieldErrors(problem(), known)).toBeUndefined();
});
