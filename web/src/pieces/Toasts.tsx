import { Button, CloseButton } from "@mantine/core";
import { useEffect, useState, useSyncExternalStore } from "react";
import type { Problem } from "@/api/problems";
import { problemFrom } from "@/api/problems";
import { t } from "@/words/words";
import styles from "./Toasts.module.css";

export interface Toast {
  said: string;
  /** Takes it back. Shown as a button for ten seconds. */
  undo?: () => Promise<unknown>;
  problem?: Problem;
}

interface Kept extends Toast {
  id: number;
}

let toasts: readonly Kept[] = [];
let last = 0;
const listeners = new Set<() => void>();

function change(next: readonly Kept[]): void {
  toasts = next;
  for (const tell of listeners) tell();
}

/** Say that something was done: `toast({ said: t("Saved"), undo })`. */
export function toast(one: Toast): void {
  last += 1;
  change([...toasts.slice(-3), { ...one, id: last }]);
}

/** Say that something did not work. */
export function toastProblem(thrown: unknown): void {
  const problem = problemFrom(thrown);
  // Whoever noticed first that the session is over has said so.
  if (problem.word === "session-ended" && toasts.some((one) => one.problem?.word === problem.word))
    return;
  toast({ said: problem.title, problem });
}

/** Where they are shown; stands once in the frame. */
export function Toasts() {
  const shown = useSyncExternalStore(
    (tell) => {
      listeners.add(tell);
      return () => listeners.delete(tell);
    },
    () => toasts,
  );
  return (
    <section className={styles.toasts} aria-live="polite" aria-label={t("Messages")}>
      {shown.map((one) => (
        <One key={one.id} one={one} />
      ))}
    </section>
  );
}

function One({ one }: { one: Kept }) {
  const [held, setHeld] = useState(false);
  const [undoing, setUndoing] = useState(false);
  const close = () => change(toasts.filter((other) => other.id !== one.id));
  useEffect(() => {
    if (held || one.problem) return undefined;
    const timer = setTimeout(
      () => change(toasts.filter((other) => other.id !== one.id)),
      one.undo ? 10_000 : 5_000,
    );
    return () => clearTimeout(timer);
  }, [held, one]);
  const undo = async () => {
    setUndoing(true);
    try {
      await one.undo?.();
      toast({ said: t("Taken back") });
    } catch (thrown) {
      toastProblem(thrown);
    }
    close();
  };
  return (
    <div
      className={styles.toast}
      data-problem={one.problem ? true : undefined}
      role={one.problem ? "alert" : "status"}
      onMouseEnter={() => setHeld(true)}
      onMouseLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      <div className={styles.text}>
        <strong>{one.said}</strong>
        {one.problem?.message && <p>{one.problem.message}</p>}
        {one.problem?.hint && <p className="soft">{one.problem.hint}</p>}
      </div>
      {one.undo && (
        <Button size="compact-sm" variant="light" loading={undoing} onClick={() => void undo()}>
          {t("Undo")}
        </Button>
      )}
      <CloseButton size="sm" aria-label={t("Close")} onClick={close} />
    </div>
  );
}
