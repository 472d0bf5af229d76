import { exactTime, relativeTime, t } from "@/words/words";

/** How long ago; the exact time stands behind it. What is not known is said to be unknown. */
export function When({ at }: { at: string | null | undefined }) {
  if (!at) return <span>{t("never")}</span>;
  return (
    <time dateTime={at} title={exactTime(at)}>
      {relativeTime(at)}
    </time>
  );
}

/** When a key or a session was last used. */
export function Used({ at }: { at: string | null | undefined }) {
  if (!at) return <span>{t("never used")}</span>;
  return (
    <span style={{ whiteSpace: "nowrap" }}>
      {t("used")} <When at={at} />
    </span>
  );
}
