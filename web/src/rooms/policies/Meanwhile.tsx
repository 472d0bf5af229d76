import { Button, Group } from "@mantine/core";
import type { Shape } from "@/api/client";
import { t } from "@/words/words";
import styles from "./policies.module.css";

interface Props {
  theirs: Shape<"Policy">;
  busy: boolean;
  onTheirs: () => void;
  onMine: () => void;
}

/** Two people wrote at one policy: whoever comes second sees both, and chooses. */
export function Meanwhile({ theirs, busy, onTheirs, onMine }: Props) {
  return (
    <section className={styles.meanwhile} role="alert">
      <h2>{t("Somebody else changed this policy meanwhile")}</h2>
      <p>{t("What you wrote is still here, and is not kept yet. This is what it says now:")}</p>
      <pre tabIndex={0} role="group" aria-label={t("The policy as it is kept now")}>
        {theirs.source}
      </pre>
      <Group gap="xs">
        <Button size="xs" loading={busy} onClick={onMine}>
          {t("Put mine in its place")}
        </Button>
        <Button size="xs" variant="default" disabled={busy} onClick={onTheirs}>
          {t("Go on from theirs")}
        </Button>
      </Group>
    </section>
  );
}
