import { MantineProvider } from "@mantine/core";
import { fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { speak } from "@/words/words";
import { SetAside } from "./SetAside";

const asked: Record<string, unknown>[] = [];
const selection = { ids: ["f1"], filters: {}, q: "", count: 1 };

beforeEach(() => {
  speak("en");
  asked.length = 0;
  // happy-dom knows no fonts; a text that grows with its lines waits for them.
  Object.defineProperty(document, "fonts", { configurable: true, value: new EventTarget() });
});
afterEach(() => vi.unstubAllGlobals());

function show(answer: () => Response) {
  vi.stubGlobal("fetch", async (request: Request) => {
    asked.push((await request.json()) as Record<string, unknown>);
    return answer();
  });
  const onDone = vi.fn();
  render(
    <MantineProvider env="test">
      <SetAside selection={selection} onDone={onDone} />
    </MantineProvider>,
  );
  fireEvent.change(screen.getByLabelText(/^Reason/), { target: { value: "A test bed." } });
  fireEvent.submit(screen.getByText("Waive for 30 days").closest("form") as HTMLFormElement);
  return onDone;
}

test("a waiver for thirty days ends in thirty days", async () => {
  const before = Date.now();
  const onDone = show(() => Response.json({ changed: 1, findings: 1, suppressions: ["s1"] }));
  await vi.waitFor(() => expect(onDone).toHaveBeenCalledOnce());
  const sent = JSON.stringify(asked[0]);
  expect(sent).toContain('"suppressed"');
  expect(sent).toContain("A test bed.");
  const ends = Date.parse(/"expires_at":"([^"]+)"/.exec(sent)?.[1] ?? "");
  const days = (ends - before) / 86_400_000;
  expect(days).toBeGreaterThan(29.9);
  expect(days).toBeLessThan(30.1);
});

test("what goes wrong is said there, and the reason stays", async () => {
  const problem = { title: "Not now", status: 409, detail: "Somebody else decides." };
  const onDone = show(() => Response.json(problem, { status: 409 }));
  await screen.findByText("Somebody else decides.");
  expect(screen.getByLabelText<HTMLTextAreaElement>(/^Reason/).value).toBe("A test bed.");
  expect(onDone).not.toHaveBeenCalled();
});
