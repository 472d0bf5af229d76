import { When } from "@/pieces/When";
import { t } from "@/words/words";
import styles from "./assets.module.css";

const STALE = 7 * 86_400_000; // as the server counts coverage

/** When a complete run last looked at it; long ago or never is hatched: it is not known. */
export function LookedAt({ at }: { at: string | null | undefined }) {
  if (!at) return <span className={styles.unknown}>{t("never")}</span>;
  const isStale = Date.now() - Date.parse(at) > STALE;
  return (
    <span className={isStale ? styles.unknown : undefined}>
      <When at={at} />
    </span>
  );
}
