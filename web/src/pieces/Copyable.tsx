import { useClipboard } from "@mantine/hooks";
import { Check, Copy } from "lucide-react";
import { t } from "@/words/words";
import styles from "./pieces.module.css";

interface Props {
  text: string;
  /** Characters that are shown; the middle of what is longer is left out. Copied whole. */
  most?: number;
  /** A command or a file: shown over several lines. */
  block?: boolean;
}

/** An id, version, digest or command in monospace, with a button that copies all of it. */
export function Copyable({ text, most = 48, block = false }: Props) {
  const clipboard = useClipboard({ timeout: 1500 });
  const said = clipboard.copied ? t("Copied") : t("Copy");
  const Icon = clipboard.copied ? Check : Copy;
  return (
    <span className={block ? styles.copyBlock : styles.copyable}>
      {block ? <pre tabIndex={0}>{text}</pre> : <code title={text}>{shortened(text, most)}</code>}
      <button
        type="button"
        className={styles.copy}
        aria-label={`${said} ${block ? "" : text}`.trim()}
        title={said}
        onClick={() => clipboard.copy(text)}
      >
        <Icon size={14} aria-hidden />
      </button>
    </span>
  );
}

/** Long names lose their middle: both ends tell them apart. */
export function shortened(text: string, most: number): string {
  if (text.length <= most) return text;
  const head = Math.ceil((most - 1) / 2);
  return `${text.slice(0, head)}…${text.slice(text.length - (most - 1 - head))}`;
}
