/** Reports that a person hands in on this page: each is sent, then taken in by a worker. */
import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useState } from "react";
import { type Shape, upload } from "@/api/client";
import { type Problem, problemFrom } from "@/api/problems";

export type Import = Shape<"Import">;

export interface Handed {
  key: string;
  file: File;
  /** How much of it is sent, 0 to 1. */
  sent: number;
  /** The import's id, once the server has it. */
  id: string;
  problem: Problem | undefined;
}

const AT_ONCE = 3; // uploads; more would only share the line
const MOST = 200; // files of one drop

/** Sends files, a few at a time, and tells how far each is. */
export function useHanding() {
  const client = useQueryClient();
  const [handed, setHanded] = useState<Handed[]>([]);
  const change = useCallback((key: string, values: Partial<Handed>) => {
    setHanded((all) => all.map((one) => (one.key === key ? { ...one, ...values } : one)));
  }, []);
  const send = useCallback(
    async (one: Handed, asset: string) => {
      const form = new FormData();
      form.set("report", one.file, one.file.name);
      if (asset) form.set("asset", asset);
      change(one.key, { sent: 0, id: "", problem: undefined });
      try {
        const made = await upload<Import>("/api/v1/imports", form, (sent) =>
          change(one.key, { sent }),
        );
        client.setQueryData(["imports", "one", made.id], made);
        change(one.key, { sent: 1, id: made.id });
        void client.invalidateQueries({ queryKey: ["imports", "list"] });
        void client.invalidateQueries({ queryKey: ["jobs"] });
      } catch (thrown) {
        change(one.key, { problem: problemFrom(thrown) });
      }
    },
    [client, change],
  );
  const hand = useCallback(
    async (files: readonly File[]) => {
      const more = files.slice(0, MOST).map((file) => ({
        key: crypto.randomUUID(),
        file,
        sent: 0,
        id: "",
        problem: undefined,
      }));
      setHanded((all) => [...more, ...all]);
      const waiting = [...more];
      const one = async () => {
        for (let next = waiting.shift(); next; next = waiting.shift()) await send(next, "");
      };
      await Promise.all(Array.from({ length: AT_ONCE }, one));
    },
    [send],
  );
  return { handed, hand, again: send, clear: useCallback(() => setHanded([]), []) };
}
