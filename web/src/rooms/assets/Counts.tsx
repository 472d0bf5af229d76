import { Link } from "react-router";
import { RowLink } from "@/pieces/list/RowLink";
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
  /** The asset that they are of: each number leads to its findings. Without it there are none yet. */
  asset?: string | null | undefined;
  counts: Record<string, number> | null | undefined;
  /** Nobody has looked at it completely: none found is then not none there. */
  isUnseen?: boolean;
  /** In a row of a list, which opens by itself. */
  inRow?: boolean;
}

/** How many findings count, by severity: a shape and a number each. */
export function Counts({ asset, counts, isUnseen = false, inRow = false }: Props) {
  const To = inRow ? RowLink : Link;
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
          {asset ? (
            <To to={`/findings?asset_id=${asset}&severity=${severity}&counts=true&sort=-score`}>
              {numberOf(counts?.[severity] ?? 0)}
            </To>
          ) : (
            numberOf(counts?.[severity] ?? 0)
          )}
        </span>
      ))}
    </span>
  );
}
