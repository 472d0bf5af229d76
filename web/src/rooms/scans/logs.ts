/** The log of a scan, one scanner after the other. */
import type { Shape } from "@/api/client";

export type Entry = Shape<"ScanLogEntry">;

/** The entries of each scanner in order; those that began first stand first. What a scanner printed
 * comes in several entries while it runs: they are one text, up to the next thing that it did. */
export function byScanner(entries: Entry[]): [scanner: string, entries: Entry[]][] {
  const found = new Map<string, Entry[]>();
  for (const entry of [...entries].sort((one, other) => one.seq - other.seq)) {
    const own = found.get(entry.scanner);
    const last = own?.at(-1);
    if (!own) found.set(entry.scanner, [entry]);
    else if (last?.kind === "printed" && entry.kind === "printed")
      own[own.length - 1] = { ...last, text: `${last.text}\n${entry.text}` };
    else own.push(entry);
  }
  return [...found];
}
