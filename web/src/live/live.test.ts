import { QueryClient } from "@tanstack/react-query";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { follow } from "./live";

let stop: () => void = () => undefined;
beforeEach(() => vi.useFakeTimers());
afterEach(() => {
  stop();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("when the line is back everything is asked anew: nobody knows what came meanwhile", async () => {
  let isCut = true;
  vi.stubGlobal("fetch", async () => {
    if (isCut) throw new TypeError("network");
    return new Response(new ReadableStream(), { headers: { "Content-Type": "text/event-stream" } });
  });
  const client = new QueryClient();
  const anew = vi.spyOn(client, "invalidateQueries");
  stop = follow(client);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(anew).not.toHaveBeenCalled();
  isCut = false;
  await vi.advanceTimersByTimeAsync(35_000);
  expect(anew).toHaveBeenCalledExactlyOnceWith();
});

test("an event makes anew the lists that it touches, and no other", async () => {
  const event = "event: finding.triaged\nid: 1\ndata: {}\n\n";
  const stream = new ReadableStream({
    start: (to) => to.enqueue(new TextEncoder().encode(event)),
  });
  vi.stubGlobal("fetch", async () => new Response(stream));
  const client = new QueryClient();
  const anew = vi.spyOn(client, "invalidateQueries");
  stop = follow(client);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(anew).toHaveBeenCalledOnce();
  const { predicate } = anew.mock.calls[0]?.[0] ?? {};
  const touches = (word: string) => predicate?.({ queryKey: [word, "list"] } as never);
  expect([touches("findings"), touches("assets"), touches("schedules")]).toEqual([
    true,
    true,
    false,
  ]);
});
