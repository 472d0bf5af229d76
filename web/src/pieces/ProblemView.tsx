import { Button } from "@mantine/core";
import { CircleAlert } from "lucide-react";
import type { Problem } from "@/api/problems";
import { t } from "@/words/words";
import { Copyable } from "./Copyable";
import styles from "./pieces.module.css";

interface Props {
  problem: Problem;
  /** Tries again, where that makes sense. */
  again?: () => void;
  /** Fills the page. */
  whole?: boolean;
}

/** What happened, and what to do about it. */
export function ProblemView({ problem, again, whole = false }: Props) {
  const view = (
    <section className={styles.problem} role="alert">
      <h2>
        <CircleAlert size={18} aria-hidden /> {problem.title}
      </h2>
      {problem.message && <p>{problem.message}</p>}
      {problem.hint && <p className={styles.hint}>{problem.hint}</p>}
      {problem.errors.length > 0 && (
        <ul>
          {problem.errors.map((one) => (
            <li key={one.field + one.detail}>
              <code>{one.field}</code> {one.detail}
            </li>
          ))}
        </ul>
      )}
      {problem.requestId && problem.status >= 500 && (
        <p className={styles.hint}>
          {t("Request")} <Copyable text={problem.requestId} />
        </p>
      )}
      {again && (
        <Button size="xs" variant="default" onClick={again}>
          {t("Try again")}
        </Button>
      )}
    </section>
  );
  return whole ? <main className={styles.whole}>{view}</main> : view;
}
