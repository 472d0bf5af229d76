import { severityName } from "@/words/nouns";
import styles from "./Severity.module.css";

const SHAPES: Record<string, string> = {
  critical: "◆",
  high: "▲",
  medium: "■",
  low: "●",
  none: "✓",
  unknown: "?",
};

/** A severity by word, shape and colour; `bare` leaves the word to readers of the page alone. */
export function Severity({
  value,
  bare = false,
}: {
  value: string | null | undefined;
  bare?: boolean;
}) {
  const known = value && value in SHAPES ? value : "unknown";
  const name = severityName(value || "unknown");
  return (
    <span className={styles.severity} data-severity={known} title={bare ? name : undefined}>
      <span className={styles.shape} aria-hidden>
        {SHAPES[known]}
      </span>
      <span className={bare ? "visually-hidden" : undefined}>{name}</span>
    </span>
  );
}
