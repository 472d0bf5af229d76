import { Progress } from "@mantine/core";
import { DrawerSection } from "@/pieces/Drawer";
import { stageName, stateName } from "@/words/nouns";
import { clockTime, exactTime, percentOf, t } from "@/words/words";
import { ENDED, type Job, type Line } from "./following";
import styles from "./scans.module.css";

/** How far it is, and what happened since one looks. */
export function Following({ job, lines }: { job: Job | undefined; lines: Line[] }) {
  // Of what was over before one looked there is nothing to follow; when it ended is said below.
  if (!job || (lines.length < 2 && ENDED.has(job.state))) return null;
  const isRunning = job.state === "running";
  const isKnown = typeof job.progress === "number";
  return (
    <DrawerSection title={t("How far it is")}>
      {(isRunning || job.state === "queued") && (
        <Progress
          value={isKnown ? (job.progress ?? 0) * 100 : 100}
          striped={!isKnown || job.state === "queued"}
          animated={isRunning}
          aria-label={t("Progress")}
        />
      )}
      <ol className={styles.log} aria-live="polite" aria-label={t("Log")}>
        {lines.map((line) => (
          <li key={line.at + line.stage + line.state}>
            <time dateTime={line.at} title={exactTime(line.at)}>
              {clockTime(line.at)}
            </time>
            <span>
              {(line.state === "running" && stageName(line.stage)) || stateName(line.state)}
            </span>
            {line.state === "running" && line.progress !== null && (
              <span className="soft">{percentOf(line.progress)}</span>
            )}
          </li>
        ))}
      </ol>
    </DrawerSection>
  );
}
