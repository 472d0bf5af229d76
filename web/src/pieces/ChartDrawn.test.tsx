import { beforeEach, expect, test } from "vitest";
import { speak } from "@/words/words";
import { options } from "./ChartDrawn";

beforeEach(() => speak("en"));

interface Drawn {
  type: string;
  data: (number | null)[];
  connectNulls: boolean;
  showSymbol: boolean;
  markLine?: { data: { xAxis: string; name: string }[] };
}

const drawn = (values: (number | null)[], more = {}) => {
  const labels = values.map((_, at) => `day ${at}`);
  const series = [{ name: "Open", colour: "accent", values }];
  const made = options({ title: "Open findings", labels, series, ...more }, true);
  return { made, first: (made.series as Drawn[])[0] as Drawn };
};

test("what is not known is a gap, neither nought nor a line across it", () => {
  const { first } = drawn([3, null, 0, 5]);
  expect(first.data).toEqual([3, null, 0, 5]);
  expect(first.connectNulls).toBe(false);
});

test("one point alone is drawn as a point; of many, the line alone", () => {
  expect(drawn([7]).first.showSymbol).toBe(true);
  expect(drawn([null, 7, null]).first.showSymbol).toBe(true);
  expect(drawn([6, 7]).first.showSymbol).toBe(false);
});

test("without a single label there is nothing to draw, and nothing breaks", () => {
  const { made, first } = drawn([]);
  expect((made.xAxis as { data: string[] }).data).toEqual([]);
  expect(first.data).toEqual([]);
});

test("a pointed-at value is said as the language writes it, an unknown one as unknown", () => {
  const said = (made: ReturnType<typeof options>) =>
    (made.tooltip as { valueFormatter: (value: unknown) => string }).valueFormatter;
  const { made } = drawn([1], { unit: " ms" });
  expect(said(made)(12345.5)).toBe("12,345.5 ms");
  expect(said(made)(0)).toBe("0 ms");
  expect(said(made)(null)).toBe("unknown");
  expect(said(made)(undefined)).toBe("unknown");
});

test("deployments are lines across at their day", () => {
  const { first } = drawn([1, 2], { marks: [{ label: "day 1", said: "v2" }] });
  expect(first.markLine?.data).toEqual([{ xAxis: "day 1", name: "v2" }]);
  expect(drawn([1, 2]).first.markLine).toBeUndefined();
});
