import { useQuery } from "@tanstack/react-query";
import { useLayoutEffect, useRef } from "react";
import { api, held } from "@/api/client";
import { problemFrom } from "@/api/problems";
import { useLine } from "@/live/live";
import { DrawerSection } from "@/pieces/Drawer";
import { ProblemView } from "@/pieces/ProblemView";
import { clockTime, exactTime, t } from "@/words/words";
import { byScanner, type Entry } from "./logs";
import styles from "./scans.module.css";

const PAUSE = 2_000; // ms between two looks while the scan runs and nothing tells of news
const AT_END = 8; // px

/** What each scanner did, and the last of what it wrote; grows while the scan runs. */
export function ScanLog({ id, isRunning }: { id: string; isRunning: boolean }) {
  const line = useLine();
  const found = useQuery({
    queryKey: ["scan_logs", id, isRunning],
    queryFn: () =>
      held(api.GET("/api/v1/scans/{scan_id}/log", { params: { path: { scan_id: id } } })),
    refetchInterval: isRunning && line !== "live" ? PAUSE : false,
    placeholderData: (before, query) => (query?.queryKey[1] === id ? before : undefined),
  });
  if (found.error) {
    return <ProblemView problem={problemFrom(found.error)} again={() => void found.refetch()} />;
  }
  const scanners = byScanner(found.data ?? []);
  if (scanners.length === 0) return null;
  return (
    <DrawerSection title={t("What the scanners said")}>
      {scanners.map(([scanner, entries]) => (
        <details key={scanner} className={styles.said} open={scanners.length === 1 || undefined}>
          <summary>
            <strong>{scanner}</strong> <span className="soft">{lastOf(entries)}</span>
          </summary>
          <ol className={styles.log}>
            {entries.map((entry) => (
              <li key={entry.seq}>
                <time dateTime={entry.at} title={exactTime(entry.at)}>
                  {clockTime(entry.at)}
                </time>
                {entry.kind === "printed" ? (
                  <Printed label={t("What {name} wrote", { name: scanner })} text={entry.text} />
                ) : (
                  <span>{entry.text || t("starts")}</span>
                )}
              </li>
            ))}
          </ol>
        </details>
      ))}
      <p className="soft">
        {t("The last lines of each; what looks like a password or a key is masked.")}
      </p>
    </DrawerSection>
  );
}

/** What was printed; who reads its end is kept there while more comes. */
function Printed({ label, text }: { label: string; text: string }) {
  const box = useRef<HTMLElement>(null);
  const atEnd = useRef(true);
  // biome-ignore lint/correctness/useExhaustiveDependencies: moves when more was printed
  useLayoutEffect(() => {
    if (box.current && atEnd.current) box.current.scrollTop = box.current.scrollHeight;
  }, [text]);
  return (
    <section
      ref={box}
      tabIndex={0}
      aria-label={label}
      className={styles.printed}
      onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) => {
        atEnd.current = scrollHeight - scrollTop - clientHeight <= AT_END;
      }}
    >
      <pre>{text}</pre>
    </section>
  );
}

function lastOf(entries: Entry[]): string {
  return entries.filter((entry) => entry.kind !== "printed").at(-1)?.text || t("starts");
}
