import { ActionIcon, Button, Menu, TextInput } from "@mantine/core";
import { Bookmark, Trash2 } from "lucide-react";
import { useState } from "react";
import { t } from "@/words/words";
import { useKept } from "./kept";
import styles from "./List.module.css";
import { isSame, readable } from "./query";
import type { View } from "./types";

interface Props {
  noun: string;
  views: View[];
  address: URLSearchParams;
  onView: (query: string) => void;
}

/** Ready-made views and one's own. Those of one's own are kept in this browser. */
export function Views({ noun, views, address, onView }: Props) {
  const [own, setOwn] = useKept<View[]>(`views-${noun}`, []);
  const [name, setName] = useState("");
  const here = readable(address);
  const all = [...views, ...own];
  const current = all.find((view) => isSame(view.query, here));
  const save = () => {
    const said = name.trim();
    if (!said) return;
    const plain = new URLSearchParams(address);
    plain.delete("show");
    setOwn([...own.filter((view) => view.name !== said), { name: said, query: readable(plain) }]);
    setName("");
  };
  return (
    <div className={styles.views} role="group" aria-label={t("Views")}>
      {all.map((view) => (
        <span key={view.name} className={styles.view} data-on={view === current || undefined}>
          <button type="button" aria-pressed={view === current} onClick={() => onView(view.query)}>
            {view.name}
          </button>
          {own.includes(view) && view === current && (
            <ActionIcon
              size="xs"
              variant="subtle"
              color="gray"
              aria-label={t("Delete the view {name}", { name: view.name })}
              onClick={() => setOwn(own.filter((other) => other !== view))}
            >
              <Trash2 size={12} aria-hidden />
            </ActionIcon>
          )}
        </span>
      ))}
      {!current && (
        <Menu position="bottom-start" trapFocus closeOnItemClick={false}>
          <Menu.Target>
            <Button
              size="compact-sm"
              variant="subtle"
              leftSection={<Bookmark size={14} aria-hidden />}
            >
              {t("Save this view")}
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            <form
              className={styles.save}
              onSubmit={(event) => {
                event.preventDefault();
                save();
              }}
            >
              <TextInput
                size="xs"
                label={t("Name of the view")}
                value={name}
                maxLength={60}
                data-autofocus
                description={t("Kept in this browser; to share a view, share its address.")}
                onChange={(event) => setName(event.currentTarget.value)}
              />
              <Button size="xs" type="submit" disabled={!name.trim()}>
                {t("Save the view")}
              </Button>
            </form>
          </Menu.Dropdown>
        </Menu>
      )}
    </div>
  );
}
