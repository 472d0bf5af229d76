/** Follows one job by its stream: how far it is, and what it did meanwhile, line by line. */
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { type Shape, vigieFetch } from "@/api/client";
import { eventsIn } from "@/live/parsing";

export type Job = Shape<"Job">;

export interface Line {
  at: string;
  stage: string;
  state: string;
  progress: number | null;
}

export const ENDED = new Set(["done", "failed", "cancelled"]);
const MOST = 200; // lines that are kept
const AGAIN = 2_000; // ms after which a stream that broke is asked for again

/** The lines with one more, when the job says something new. */
export function withLine(lines: Line[], job: Job, at: string): Line[] {
  const last = lines.at(-1);
  if (last && last.stage === job.stage && last.state === job.state) {
    return [...lines.slice(0, -1), { ...last, progress: job.progress }];
  }
  const line = { at, stage: job.stage, state: job.state, progress: job.progress };
  return [...lines.slice(-(MOST - 1)), line];
}

/** How a job stands now and its lines since one looks. "" follows nothing. */
export function useJob(id: string): { job: Job | undefined; lines: Line[] } {
  const client = useQueryClient();
  const [job, setJob] = useState<Job>();
  const [lines, setLines] = useState<Line[]>([]);
  useEffect(() => {
    setJob(undefined);
    setLines([]);
    if (!id) return undefined;
    const abort = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const follow = async () => {
      let isOver = false;
      try {
        const asked = new Request(new URL(`/api/v1/jobs/${id}/stream`, location.origin), {
          headers: { Accept: "text/event-stream" },
          signal: abort.signal,
        });
        const answer = await vigieFetch(asked);
        if (answer.status < 500 && !answer.ok) isOver = true;
        if (!answer.ok || !answer.body) throw new Error(String(answer.status));
        for await (const event of eventsIn(answer.body)) {
          if (event.event !== "job") continue;
          const now = JSON.parse(event.data) as Job;
          setJob(now);
          setLines((before) => withLine(before, now, new Date().toISOString()));
          if (ENDED.has(now.state)) {
            isOver = true;
            for (const word of ["scans", "imports", "jobs"]) {
              void client.invalidateQueries({ queryKey: [word] });
            }
          }
        }
      } catch {
        // Whatever broke the stream: ask again, unless it was refused or nobody looks any more.
      }
      if (!isOver && !abort.signal.aborted) timer = setTimeout(() => void follow(), AGAIN);
    };
    void follow();
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [id, client]);
  return { job, lines };
}
