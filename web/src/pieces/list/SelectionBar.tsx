import { Button, CloseButton } from "@mantine/core";
import { numberOf, t, tn } from "@/words/words";
import styles from "./List.module.css";
import type { BulkAction, Selection } from "./types";

interface Props {
  selection: Selection;
  total: number;
  exact: boolean;
  loaded: number;
  actions: BulkAction[];
  busy: string;
  onRun: (action: BulkAction) => void;
  onAll: () => void;
  onNone: () => void;
}

/** What is chosen, and what can be done with it. */
export function SelectionBar({
  selection,
  total,
  exact,
  loaded,
  actions,
  busy,
  onRun,
  onAll,
  onNone,
}: Props) {
  const more = selection.ids && selection.ids.length >= loaded && total > loaded;
  return (
    <section className={styles.selection} aria-label={t("Chosen rows")}>
      <strong aria-live="polite">{tn(selection.count, "{count} chosen", "{count} chosen")}</strong>
      {more && (
        <Button size="compact-sm" variant="subtle" onClick={onAll}>
          {exact
            ? t("Choose all {count}", { count: total })
            : t("Choose all, more than {count}", { count: numberOf(total) })}
        </Button>
      )}
      <span className={styles.selectionActions}>
        {actions.map((action) => (
          <Button
            key={action.id}
            size="compact-sm"
            variant="default"
            leftSection={action.icon}
            loading={busy === action.id}
            disabled={busy !== "" && busy !== action.id}
            onClick={() => onRun(action)}
          >
            {action.title}
          </Button>
        ))}
      </span>
      <CloseButton size="sm" aria-label={t("Choose none")} onClick={onNone} />
    </section>
  );
}
