import { expect, test } from "vitest";
import { addressOf, asked, filtersOf, isSame, readable, textOf, toggled } from "./query";

const NOTHING = new URLSearchParams();

test.each([
  ["severity:critical,high", "severity=critical,high"],
  ["-status:fixed", "status.not=fixed"],
  ["asset~shop", "asset.has=shop"],
  ["score>=70 epss<0.5", "score.ge=70&epss.lt=0.5"],
  ["log4j shop", "q=log4j+shop"],
  ['decision:"act now" log4j', "decision=act+now&q=log4j"],
  ['"two words"', "q=two+words"],
  ["label:env:prod", "label=env:prod"],
  ["is:open is:kev -is:fixable", "counts=true&kev=true&fixable=false"],
])("%s means %s and is written so again", (text, address) => {
  expect(readable(addressOf(text, NOTHING))).toBe(address);
  const again = addressOf(textOf(new URLSearchParams(address)), NOTHING);
  expect(readable(again)).toBe(address);
});

test.each([
  ["counts=true&ended=false", "is:open -is:ended"],
  ["counts=true,false", "counts:true,false"],
  ["kev.not=true", "-kev:true"],
])("%s is written %s", (address, text) => {
  expect(textOf(new URLSearchParams(address))).toBe(text);
});

test.each([
  ["counts:true", "counts=true"],
  ["IS:open,kev", "counts=true&kev=true"],
])("%s means %s too", (text, address) => {
  expect(readable(addressOf(text, NOTHING))).toBe(address);
});

test("the order and the columns stay, the open row does not", () => {
  const before = new URLSearchParams("severity=low&sort=-score&columns=a&show=7");
  expect(readable(addressOf("kind:secret", before))).toBe("kind=secret&sort=-score&columns=a");
});

test("the same field twice means either value", () => {
  expect(readable(addressOf("severity:low severity:high", NOTHING))).toBe("severity=low,high");
});

test("a facet switches one value on and off, and closes the open row", () => {
  const on = toggled(new URLSearchParams("severity=low&show=7"), "severity", "high");
  expect(readable(on)).toBe("severity=low,high");
  expect(readable(toggled(toggled(on, "severity", "low"), "severity", "high"))).toBe("");
});

test("what is ours alone is never asked of the API", () => {
  const address = new URLSearchParams("show=7&columns=a&sort=-score&q=x&severity=low");
  expect(asked(address)).toEqual({ severity: "low", q: "x" });
  expect(filtersOf(address)).toEqual({ severity: ["low"] });
});

test("two addresses are the same view whatever their order", () => {
  expect(isSame("sort=-score&counts=true", "counts=true&show=7&sort=-score")).toBe(true);
  expect(isSame("counts=true", "counts=false")).toBe(false);
});
