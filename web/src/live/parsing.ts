/** Server-sent events out of a body (WHATWG HTML, 9.2). */
export interface ServerEvent {
  id: string;
  event: string;
  data: string;
}

/** Each event as it is whole; a comment (a sign of life) comes as an event without a name. */
export async function* eventsIn(body: ReadableStream<Uint8Array>): AsyncGenerator<ServerEvent> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  try {
    while (true) {
      const { done, value } = await reader.read();
      if (done) return;
      rest += decoder.decode(value, { stream: true }).replace(/\r\n?/g, "\n");
      const parts = rest.split("\n\n");
      rest = parts.pop() ?? "";
      for (const part of parts) yield eventOf(part);
    }
  } finally {
    reader.releaseLock();
  }
}

function eventOf(text: string): ServerEvent {
  const found: ServerEvent = { id: "", event: "", data: "" };
  const data: string[] = [];
  for (const line of text.split("\n")) {
    const [, name, value] = /^(\w+): ?(.*)$/.exec(line) ?? [];
    if (name === "data") data.push(value ?? "");
    else if (name === "id") found.id = value ?? "";
    else if (name === "event") found.event = value ?? "";
  }
  found.data = data.join("\n");
  return found;
}
