import { useQuery } from "@tanstack/react-query";
import { api, held } from "@/api/client";
import { problemFrom } from "@/api/problems";
import { DrawerSection } from "@/pieces/Drawer";
import { ProblemView } from "@/pieces/ProblemView";
import { clockTime, exactTime, t } from "@/words/words";
import { byScanner, type Entry } from "./logs";
import styles from "./scans.module.css";

const PAUSE = 2_000; // ms between two looks while the scan runs

/** What each scanner did, and the last of what it wrote; grows while the scan runs. */
export function ScanLog({ id, isRunning }: { id: string; isRunning: boolean }) {
  const found = useQuery({
    queryKey: ["scans", "log", id, isRunning],
    queryFn: () =>
      held(api.GET("/api/v1/scans/{scan_id}/log", { params: { path: { scan_id: id } } })),
    refetchInterval: isRunning ? PAUSE : false,
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
                  <section
                    tabIndex={0}
                    aria-label={t("What {name} wrote", { name: scanner })}
                    className={styles.printed}
                  >
                    <pre>{entry.text}</pre>
                  </section>
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

function lastOf(entries: Entry[]): string {
  return entries.filter((entry) => entry.kind !== "printed").at(-1)?.text || t("starts");
}
