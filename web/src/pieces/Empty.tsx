import type { ReactNode } from "react";
import styles from "./pieces.module.css";

interface Props {
  title: string;
  /** What it means, or what would stand here. */
  children?: ReactNode;
  /** The one next step: a button or a link. */
  step?: ReactNode;
  icon?: ReactNode;
}

/** Nothing here, and what to do next. */
export function Empty({ title, children, step, icon }: Props) {
  return (
    <section className={styles.empty}>
      {icon && (
        <span className={styles.emptyIcon} aria-hidden>
          {icon}
        </span>
      )}
      <h2>{title}</h2>
      {children && <div>{children}</div>}
      {step && <div className={styles.step}>{step}</div>}
    </section>
  );
}
