import { Copyable } from "@/pieces/Copyable";
import { DrawerSection } from "@/pieces/Drawer";
import { upgrade } from "@/pieces/upgrade";
import { t } from "@/words/words";
import { useExplanation } from "./explained";
import type { Detail } from "./FindingDrawer";
import styles from "./findings.module.css";

/** What mends it, to be copied. */
export function Fix({ finding }: { finding: Detail }) {
  const said = useExplanation(finding.id ?? "").data?.fix ?? "";
  const { component, fix_version: version } = finding;
  const command =
    component && version ? upgrade(component.type ?? "", component.name ?? "", version) : "";
  return (
    <DrawerSection title={t("Fix")}>
      {said && <p className={styles.said}>{said}</p>}
      {version && component && (
        <p>
          {t("Fixed in")} <Copyable text={version} />
        </p>
      )}
      {command && <Copyable text={command} block />}
      {!said && !version && (
        <p className="soft">
          {t(
            "No fix is known. Set it aside with a reason, or mitigate it and say how in a comment.",
          )}
        </p>
      )}
    </DrawerSection>
  );
}
