import { expect, test } from "vitest";
import { eventsIn } from "./parsing";

function body(...parts: string[]): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream({
    start(controller) {
      for (const part of parts) controller.enqueue(encoder.encode(part));
      controller.close();
    },
  });
}

async function all(...parts: string[]) {
  const found = [];
  for await (const event of eventsIn(body(...parts))) found.push(event);
  return found;
}

test("an event is whole only with its empty line, wherever the body was cut", async () => {
  const found = await all("id: 1\nevent: scan.fin", 'ished\ndata: {"a":\nda', "ta: 1}\n\nid: 2\n");
  expect(found).toEqual([{ id: "1", event: "scan.finished", data: '{"a":\n1}' }]);
});

test("a sign of life is an event without a name", async () => {
  expect(await all(": still here\n\n")).toEqual([{ id: "", event: "", data: "" }]);
});
