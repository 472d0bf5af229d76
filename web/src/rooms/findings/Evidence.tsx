import { DrawerSection } from "@/pieces/Drawer";
import { Waiting } from "@/pieces/Waiting";
import { t } from "@/words/words";
import { useExplanation } from "./explained";
import type { Detail } from "./FindingDrawer";
import styles from "./findings.module.css";

/** What each tool said, in its own words, and who could have said it and did not. */
export function Evidence({ id, finding }: { id: string; finding: Detail }) {
  const asked = useExplanation(id);
  const said = asked.data;
  return (
    <DrawerSection title={t("Evidence")} count={finding.evidence.length}>
      {asked.isPending && <Waiting />}
      {said?.evidence.map((one) => (
        <details key={one.tool + one.file + one.record} className={styles.evidence}>
          <summary>
            <strong>
              {one.tool} <span className="soft">{one.version}</span>
            </strong>
            <span>{one.severity_said || t("says no severity")}</span>
          </summary>
          <p>{one.why}</p>
          <p className="soft">
            <code>{one.rule}</code> · {one.subject}
            {one.fix_versions.length > 0 && (
              <> · {t("fixed in {versions}", { versions: one.fix_versions.join(", ") })}</>
            )}
          </p>
          {one.places.length > 0 && (
            <p className="mono soft">{one.places.slice(0, 10).join("\n")}</p>
          )}
          <p className="mono soft">
            {one.file} {one.record}
          </p>
        </details>
      ))}
      {said && said.absences.length > 0 && (
        <>
          <h4>{t("Who did not say it")}</h4>
          <ul className={styles.reasons}>
            {said.absences.map((one) => (
              <li key={one.tool}>
                <strong>{one.tool}</strong> {one.reason}
              </li>
            ))}
          </ul>
        </>
      )}
    </DrawerSection>
  );
}
