import { CloseButton } from "@mantine/core";
import { ChevronDown, ChevronUp } from "lucide-react";
import { type ReactNode, useEffect, useId, useRef } from "react";
import { useKeys } from "@/keys/keys";
import { t } from "@/words/words";
import styles from "./Drawer.module.css";

interface Props {
  /** What it is about; the heading. */
  title: ReactNode;
  /** Above the title: the kind of thing. */
  kind?: ReactNode;
  /** Beside the title: severity, state. */
  state?: ReactNode;
  onClose: () => void;
  /** To the row before and after, where there is a list behind it. */
  onPrevious?: (() => void) | undefined;
  onNext?: (() => void) | undefined;
  children: ReactNode;
}

/** Everything about one row, beside the list, which stays usable: arrows walk on while it is open.
 * Fills the page where that is narrow. */
export function Drawer(props: Props) {
  const { title, kind, state, onClose, onPrevious, onNext, children } = props;
  // Its line is there before what it says is known; null and false are known: there is none.
  const hasState = "state" in props && state !== null && state !== false;
  const id = useId();
  const heading = useRef<HTMLHeadingElement>(null);
  const before = useRef<Element | null>(null);
  useEffect(() => {
    before.current = document.activeElement;
    if (window.matchMedia("(max-width: 900px)").matches) heading.current?.focus();
    return () => {
      if (before.current instanceof HTMLElement) before.current.focus({ preventScroll: true });
    };
  }, []);
  useKeys(t("Details"), [{ keys: ["Escape"], said: t("Close the details"), run: onClose }]);
  return (
    <aside className={styles.drawer} aria-labelledby={id}>
      <header>
        <div className={styles.bar}>
          <span className="soft">{kind}</span>
          <span className={styles.walk}>
            {onPrevious && (
              <button type="button" aria-label={t("Previous row")} onClick={onPrevious}>
                <ChevronUp size={18} aria-hidden />
              </button>
            )}
            {onNext && (
              <button type="button" aria-label={t("Next row")} onClick={onNext}>
                <ChevronDown size={18} aria-hidden />
              </button>
            )}
            <CloseButton aria-label={t("Close the details")} onClick={onClose} />
          </span>
        </div>
        <h2 id={id} ref={heading} tabIndex={-1}>
          {title}
        </h2>
        {hasState && <div className={styles.state}>{state}</div>}
      </header>
      <div className={styles.body}>{children}</div>
    </aside>
  );
}

/** One part of a drawer: what, why, evidence, fix, decide, history. */
export function DrawerSection({
  title,
  count,
  aside,
  children,
}: {
  title: string;
  count?: number | undefined;
  aside?: ReactNode;
  children: ReactNode;
}) {
  return (
    <section className={styles.section}>
      <div className={styles.heading}>
        <h3>
          {title}
          {count !== undefined && <span className="soft"> {count}</span>}
        </h3>
        {aside}
      </div>
      {children}
    </section>
  );
}

/** Names and values under each other. Values that are missing are left out. */
export function Facts({ facts }: { facts: [name: string, value: ReactNode][] }) {
  return (
    <dl className={styles.facts}>
      {facts
        .filter(([, value]) => value !== null && value !== undefined && value !== "")
        .map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}
