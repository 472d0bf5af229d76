/** What happens on the server, as it happens: each event makes the queries anew that it touches. */
import type { QueryClient } from "@tanstack/react-query";
import { useSyncExternalStore } from "react";
import { vigieFetch } from "@/api/client";
import { eventsIn } from "./parsing";
import { Touching } from "./touching";

export type Line = "connecting" | "live" | "lost" | "off";

const listeners = new Set<() => void>();
let line: Line = "off";

function become(next: Line): void {
  if (line === next) return;
  line = next;
  for (const tell of listeners) tell();
}

/** How the line to the server is. */
export function useLine(): Line {
  return useSyncExternalStore(
    (tell) => {
      listeners.add(tell);
      return () => listeners.delete(tell);
    },
    () => line,
  );
}

const SILENCE = 45_000; // ms; the server gives a sign of life every 15 s
const TOGETHER = 400; // ms in which events are gathered: an import may send many

/** Follow the server's events until the returned function is called. */
export function follow(client: QueryClient): () => void {
  let ended = false;
  let last = "";
  let tries = 0;
  let abort = new AbortController();
  const touched = new Set<string>();
  const touching = new Touching();
  let timer: ReturnType<typeof setTimeout> | undefined;

  const flush = () => {
    timer = undefined;
    const words = new Set(touched);
    touched.clear();
    void client.invalidateQueries({ predicate: (query) => words.has(String(query.queryKey[0])) });
  };
  const touch = (kind: string, data: string) => {
    for (const word of touching.by(kind, data)) touched.add(word);
    timer ??= setTimeout(flush, TOGETHER);
  };

  const once = async () => {
    abort = new AbortController();
    const asked = new Request(new URL("/api/v1/events/stream", location.origin), {
      headers: { Accept: "text/event-stream", ...(last ? { "Last-Event-ID": last } : {}) },
      signal: abort.signal,
    });
    const answer = await vigieFetch(asked);
    if (answer.status === 401 || answer.status === 403) return false;
    if (!answer.ok || !answer.body) throw new Error(String(answer.status));
    if (tries > 0) void client.invalidateQueries(); // what came meanwhile is not known
    tries = 0;
    become("live");
    let quiet = setTimeout(() => abort.abort(), SILENCE);
    for await (const event of eventsIn(answer.body)) {
      clearTimeout(quiet);
      quiet = setTimeout(() => abort.abort(), SILENCE);
      if (event.id) last = event.id;
      if (event.event) touch(event.event, event.data);
    }
    clearTimeout(quiet);
    return true;
  };

  const forever = async () => {
    become("connecting");
    while (!ended) {
      try {
        if (!(await once())) {
          become("off");
          return;
        }
      } catch {
        // Whatever broke the line, the answer is the same: try again, ever more slowly.
      }
      if (ended) return;
      tries += 1;
      if (tries > 1) become("lost");
      await new Promise((go) => setTimeout(go, Math.min(30_000, 500 * 2 ** tries)));
    }
  };
  void forever();
  return () => {
    ended = true;
    clearTimeout(timer);
    abort.abort();
    become("off");
  };
}
