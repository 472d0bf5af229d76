import { expect, test } from "vitest";
import { differing } from "./differing";

const shown = (earlier: string, later: string) =>
  differing(earlier, later).map(({ sign, line }) => sign + line);

test("what both say stands once, what changed stands twice", () => {
  expect(shown("name: a\nblock:\n  - high\nend\n", "name: a\nblock:\n  - critical\nend\n")).toEqual(
    [" name: a", " block:", "-  - high", "+  - critical", " end"],
  );
});

test("a line in between is found again, wherever it moved to", () => {
  expect(shown("a\nb\nc\nd", "a\nx\nc\ny\nd")).toEqual([" a", "-b", "+x", " c", "+y", " d"]);
  expect(shown("a\nb", "b")).toEqual(["-a", " b"]);
  expect(shown("b", "a\nb")).toEqual(["+a", " b"]);
  expect(shown("a\na\na", "a\na")).toHaveLength(3);
});

test("the same text has no difference", () => {
  expect(shown("a\nb\n", "a\nb")).toEqual([" a", " b"]);
});

test("both texts can be read out of it", () => {
  const one = ["p", "q", "r", "q", "s", "t"];
  const two = ["q", "p", "q", "s", "u", "t", "t"];
  const pieces = differing(one.join("\n"), two.join("\n"));
  const of = (sign: string) =>
    pieces.filter((piece) => piece.sign !== sign).map((piece) => piece.line);
  expect(of("+")).toEqual(one);
  expect(of("-")).toEqual(two);
});

test("texts too long to compare pair by pair are shown one after the other", () => {
  const lines = (word: string) => Array.from({ length: 3000 }, (_, at) => `${word}${at}`);
  const pieces = differing(lines("a").join("\n"), lines("b").join("\n"));
  expect(pieces[0]?.sign).toBe("-");
  expect(pieces.at(-1)?.sign).toBe("+");
  expect(pieces).toHaveLength(6000);
});
