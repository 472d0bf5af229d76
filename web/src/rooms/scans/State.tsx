import { Check, CircleDashed, LoaderCircle, Slash, X } from "lucide-react";
import { stateName } from "@/words/nouns";
import styles from "./scans.module.css";

const ICONS = {
  queued: CircleDashed,
  running: LoaderCircle,
  done: Check,
  failed: X,
  cancelled: Slash,
};

/** How far it is, by a sign and a word. */
export function State({ state }: { state: string | null | undefined }) {
  const Icon = ICONS[state as keyof typeof ICONS] ?? CircleDashed;
  return (
    <span className={styles.state} data-state={state}>
      <Icon size={15} aria-hidden /> {stateName(state ?? "")}
    </span>
  );
}
