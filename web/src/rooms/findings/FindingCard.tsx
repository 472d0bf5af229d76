import { Name } from "@/pieces/Name";
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
      <div className={`soft ${styles.where}`}>
        <span>{row.component ? `${row.component.name} ${row.component.version}` : row.place}</span>
        {row.asset?.name && (
          <>
            <span aria-hidden>·</span>
            <Name text={row.asset.name} />
          </>
        )}
      </div>
    </div>
  );
}
