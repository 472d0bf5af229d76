import {
  Check,
  CircleDashed,
  CirclePause,
  LoaderCircle,
  type LucideIcon,
  Slash,
  TriangleAlert,
  X,
} from "lucide-react";
import type { ReactNode } from "react";
import { stateName } from "@/words/nouns";
import styles from "./State.module.css";

type Look = "waits" | "runs" | "good" | "bad" | "uneasy" | "paused" | "off";

const ICONS: Record<Look, LucideIcon> = {
  waits: CircleDashed,
  runs: LoaderCircle,
  good: Check,
  bad: X,
  uneasy: TriangleAlert,
  paused: CirclePause,
  off: Slash,
};

/** Of the API's words for how something stands, and of ours: how each looks. */
const LOOKS: Record<string, Look> = {
  queued: "waits",
  waiting: "waits",
  retry: "waits",
  running: "runs",
  sending: "runs",
  done: "good",
  complete: "good",
  on: "good",
  failed: "bad",
  dead: "bad",
  refused: "bad",
  rejected: "bad",
  expired: "bad",
  partial: "uneasy",
  held: "paused",
  paused: "paused",
  cancelled: "off",
  revoked: "off",
  skipped: "off",
  off: "off",
};

interface Props {
  /** A word of the API, or "on", "off", "paused". */
  value: string | null | undefined;
  /** What it is called; else as a job's state is. */
  name?: ReactNode;
  /** After the name: how much of it is done. */
  more?: string;
}

/** How something stands, the same everywhere: a sign of its own shape, and a word. */
export function State({ value, name, more }: Props) {
  const look = LOOKS[value ?? ""] ?? "waits";
  const Icon = ICONS[look];
  return (
    <span className={styles.state} data-look={look}>
      <Icon size={15} aria-hidden />
      <span>
        {name ?? stateName(value ?? "")}
        {more && ` ${more}`}
      </span>
    </span>
  );
}

/** Whether it is switched on. */
export function OnOff({ isOn, on, off }: { isOn: boolean; on: string; off: string }) {
  return <State value={isOn ? "on" : "off"} name={isOn ? on : off} />;
}
