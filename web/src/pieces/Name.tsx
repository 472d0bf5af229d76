import styles from "./pieces.module.css";

const TAIL = 32; // characters; a tag is longer than this at times, and then loses its own end

/** A name that has to fit: what goes first of "registry.example/shop/web:1.4" is its beginning,
 * which many share; the whole name is there on hover and for those who copy it. */
export function Name({ text }: { text: string }) {
  const at = splitAt(text);
  return (
    <span className={styles.name} title={text}>
      {at > 0 && <span>{text.slice(0, at)}</span>}
      <span>{text.slice(at)}</span>
    </span>
  );
}

/** Where the part that tells it apart begins: behind the last slash that leaves something. */
export function splitAt(text: string): number {
  const digest = text.indexOf("@");
  const whole = digest > 0 ? text.slice(0, digest) : text;
  const slash = whole.replace(/\/+$/, "").lastIndexOf("/") + 1;
  if (slash > 0) return slash;
  return text.length > TAIL ? text.length - TAIL : 0;
}
