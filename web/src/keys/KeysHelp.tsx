import { Modal } from "@mantine/core";
import { Fragment, useState } from "react";
import { t } from "@/words/words";
import styles from "./KeysHelp.module.css";
import { type Group, keyName, useAllKeys, useKeys } from "./keys";

/** `?` shows every key that does something here. */
export function KeysHelp() {
  const [open, setOpen] = useState(false);
  const groups = merged(useAllKeys());
  useKeys(t("Everywhere"), [{ keys: ["?"], said: t("Show the keys"), run: () => setOpen(true) }]);
  return (
    <Modal
      opened={open}
      onClose={() => setOpen(false)}
      title={t("Keys")}
      size="lg"
      closeButtonProps={{ "aria-label": t("Close") }}
    >
      <div className={styles.groups}>
        {groups.map((group) => (
          <section key={group.title}>
            <h3>{group.title}</h3>
            <dl>
              {group.keys.map((key) => (
                <Fragment key={key.said}>
                  <dt>
                    {key.keys.map((word) => (
                      <kbd key={word}>{keyName(word)}</kbd>
                    ))}
                  </dt>
                  <dd>{key.said}</dd>
                </Fragment>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Modal>
  );
}

/** What lies on top comes first; what is heard in the same place stands together. */
export function merged(groups: readonly Group[]): Group[] {
  const by = new Map<string, Group>();
  for (const { title, keys } of [...groups].reverse()) {
    by.set(title, { title, keys: [...(by.get(title)?.keys ?? []), ...keys] });
  }
  return [...by.values()];
}
