import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { speak } from "@/words/words";
import { byScanner, type Entry } from "./logs";
import { ScanLog } from "./ScanLog";

const entry = (seq: number, scanner: string, kind: string, text: string): Entry => ({
  seq,
  scanner,
  kind,
  text,
  at: "2026-03-01T12:00:00+00:00",
});
const ENTRIES = [
  entry(1, "trivy", "started", ""),
  entry(2, "grype", "started", ""),
  entry(3, "trivy", "step", "scans"),
  entry(4, "trivy", "printed", "the database is old\n<b>second</b>"),
  entry(5, "grype", "finished", "12 findings"),
];

beforeEach(() => {
  speak("en");
  vi.stubGlobal("fetch", async () => Response.json(ENTRIES));
});
afterEach(() => vi.unstubAllGlobals());

test("each scanner's entries stand together, in order", () => {
  const found = byScanner([...ENTRIES].reverse());
  expect(found.map(([scanner, own]) => [scanner, own.map((one) => one.seq)])).toEqual([
    ["trivy", [1, 3, 4]],
    ["grype", [2, 5]],
  ]);
});

test("what a scanner printed is one text until it does something else", () => {
  const [[, own]] = byScanner([
    entry(1, "trivy", "printed", "one"),
    entry(2, "grype", "printed", "other"),
    entry(3, "trivy", "printed", "two\nthree"),
    entry(4, "trivy", "step", "scans"),
    entry(5, "trivy", "printed", "four"),
  ]) as [[string, Entry[]]];
  expect(own.map((one) => [one.seq, one.text])).toEqual([
    [1, "one\ntwo\nthree"],
    [4, "scans"],
    [5, "four"],
  ]);
});

test("what scanners wrote is shown as it is, and where each stands", async () => {
  render(
    <MantineProvider env="test">
      <QueryClientProvider client={new QueryClient()}>
        <ScanLog id="s1" isRunning={false} />
      </QueryClientProvider>
    </MantineProvider>,
  );
  expect((await screen.findAllByText("12 findings")).length).toBeGreaterThan(0);
  expect(screen.getByLabelText("What trivy wrote").textContent).toBe(
    "the database is old\n<b>second</b>",
  );
});
