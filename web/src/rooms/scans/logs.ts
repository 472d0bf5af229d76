/** The log of a scan, one scanner after the other. */
import type { Shape } from "@/api/client";

export type Entry = Shape<"ScanLogEntry">;

/** The entries of each scanner in order; those that began first stand first. */
export function byScanner(entries: Entry[]): [scanner: string, entries: Entry[]][] {
  const found = new Map<string, Entry[]>();
  for (const entry of [...entries].sort((one, other) => one.seq - other.seq)) {
    const own = found.get(entry.scanner);
    if (own) own.push(entry);
    else found.set(entry.scanner, [entry]);
  }
  return [...found];
}
