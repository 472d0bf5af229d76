import { expect, test } from "vitest";
import { type Kind, toSeal } from "./channel";

const field = (name: string, secret: boolean) => ({
  name,
  secret,
  label: name,
  required: true,
  choices: [],
  default: "",
  example: "",
});
const KIND: Kind = {
  name: "webhook",
  label: "Webhook",
  fields: [field("url", true), field("signing_secret", true), field("note", false)],
};

test("what is typed into secret fields is sealed under names of the channel", () => {
  const typed = { url: "https://a.example/x", signing_secret: "whsec_1", note: "plain" };
  expect(toSeal(KIND, "Équipe shop!", typed)).toEqual([
    { field: "url", secret: "channel-equipe-shop-url", value: "https://a.example/x" },
    { field: "signing_secret", secret: "channel-equipe-shop-signing-secret", value: "whsec_1" },
  ]);
});

test("a reference stays what it is, and nothing typed seals nothing", () => {
  expect(toSeal(KIND, "x", { url: "secret://ops", signing_secret: "" })).toEqual([]);
});
