import { expect, test } from "vitest";
import { type Job, type Line, withLine } from "./following";

const job = (stage: string, progress: number | null, state = "running") =>
  ({ stage, progress, state }) as Job;

test("a new stage is a new line, more of the same moves the last one", () => {
  let lines: Line[] = [];
  lines = withLine(lines, job("reading", 0), "t1");
  lines = withLine(lines, job("merging", 0.1), "t2");
  lines = withLine(lines, job("merging", 0.6), "t3");
  expect(lines.map((line) => [line.stage, line.at, line.progress])).toEqual([
    ["reading", "t1", 0],
    ["merging", "t2", 0.6],
  ]);
  lines = withLine(lines, job("merging", 1, "done"), "t4");
  expect(lines.at(-1)).toMatchObject({ state: "done", at: "t4" });
});

test("a log does not grow without end", () => {
  let lines: Line[] = [];
  for (let n = 0; n < 300; n += 1) lines = withLine(lines, job(`stage ${n}`, null), "t");
  expect(lines.length).toBe(200);
  expect(lines.at(-1)?.stage).toBe("stage 299");
});
