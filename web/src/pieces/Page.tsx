import { type ReactNode, useEffect } from "react";
import styles from "./pieces.module.css";

interface Props {
  title: string;
  /** Stands beside the title: a count, a state. */
  aside?: ReactNode;
  /** Buttons at the right. */
  actions?: ReactNode;
  /** The content scrolls by itself (lists); else the page does. */
  fixed?: boolean;
  children: ReactNode;
}

/** A screen: its title, its actions, its content. The browser's tab says the title too. */
export function Page({ title, aside, actions, fixed = false, children }: Props) {
  useEffect(() => {
    document.title = `${title} · Vigie`;
  }, [title]);
  return (
    <div className={fixed ? styles.fixedPage : styles.page}>
      <header className={styles.head}>
        <h1>{title}</h1>
        {aside}
        <div className={styles.actions}>{actions}</div>
      </header>
      {children}
    </div>
  );
}
