import { Severity } from "@/pieces/Severity";
import { decisionName } from "@/words/nouns";
import type { Row } from "./columns";
import styles from "./findings.module.css";

/** A finding in two lines, where the page is narrow. */
export function FindingCard({ row }: { row: Row }) {
  return (
    <div className={styles.card}>
      <div>
        <Severity value={row.severity} /> <strong>{row.rule?.name}</strong>
        <span className="soft">{decisionName(row.decision ?? "")}</span>
      </div>
      <div className="soft">
        {[
          row.component ? `${row.component.name} ${row.component.version}` : row.place,
          row.asset?.name,
        ]
          .filter(Boolean)
          .join(" · ")}
      </div>
    </div>
  );
}
