import { problemFrom } from "@/api/problems";
import { DrawerSection } from "@/pieces/Drawer";
import { ProblemView } from "@/pieces/ProblemView";
import { Waiting } from "@/pieces/Waiting";
import { t } from "@/words/words";
import { useExplanation } from "./explained";
import styles from "./findings.module.css";

/** Why it is here and weighs what it weighs: reasons in words. */
export function Why({ id }: { id: string }) {
  const asked = useExplanation(id);
  const said = asked.data;
  return (
    <DrawerSection title={t("Why it is here")}>
      {asked.error && <ProblemView problem={problemFrom(asked.error)} />}
      {asked.isPending && <Waiting />}
      {said && (
        <ul className={styles.reasons}>
          {said.reasons.map((reason) => (
            <li key={reason.code + reason.text}>{reason.text}</li>
          ))}
          {said.severity && <li>{t("Severity: {said}", { said: said.severity })}</li>}
          {said.identity && <li>{said.identity}</li>}
        </ul>
      )}
    </DrawerSection>
  );
}
