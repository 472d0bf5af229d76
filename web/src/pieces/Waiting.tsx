import { Loader } from "@mantine/core";
import { t } from "@/words/words";
import styles from "./pieces.module.css";

/** Something is coming. `whole` fills the page. */
export function Waiting({ whole = false }: { whole?: boolean }) {
  return (
    <div className={whole ? styles.whole : styles.waiting} role="status">
      <Loader size="sm" aria-hidden />
      <span className="visually-hidden">{t("Loading…")}</span>
    </div>
  );
}
