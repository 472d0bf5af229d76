import { SEVERITIES, severityName } from "@/words/nouns";
import { numberOf, t } from "@/words/words";
import styles from "./assets.module.css";

const SHAPES: Record<string, string> = {
  critical: "◆",
  high: "▲",
  medium: "■",
  low: "●",
  none: "✓",
  unknown: "?",
};

interface Props {
  counts: Record<string, number> | null | undefined;
  /** Nobody has looked at it completely: none found is then not none there. */
  isUnseen?: boolean;
}

/** How many findings count, by severity: a shape and a number each. */
export function Counts({ counts, isUnseen = false }: Props) {
  const shown = SEVERITIES.filter((severity) => (counts?.[severity] ?? 0) > 0);
  if (shown.length === 0) {
    return isUnseen ? (
      <span className={styles.unknown}>{t("unknown")}</span>
    ) : (
      <span className={styles.none}>✓ {t("none open")}</span>
    );
  }
  return (
    <span className={styles.counts}>
      {shown.map((severity) => (
        <span key={severity} data-severity={severity} title={severityName(severity)}>
          <span aria-hidden>{SHAPES[severity]}</span>
          <span className="visually-hidden">{severityName(severity)} </span>{" "}
          {numberOf(counts?.[severity] ?? 0)}
        </span>
      ))}
    </span>
  );
}
