import { ActionIcon, Menu } from "@mantine/core";
import { Languages } from "lucide-react";
import { type ReactNode, useEffect } from "react";
import { type Language, language, speak, t } from "@/words/words";
import styles from "./Door.module.css";

/** The page of whoever is not in yet: one narrow form, the language beside it. */
export function Door({ title, children }: { title: string; children: ReactNode }) {
  useEffect(() => {
    document.title = `${title} · Vigie`;
  }, [title]);
  return (
    <div className={styles.door}>
      <header>
        <span className={styles.mark}>
          <img src="/favicon.svg" alt="" /> Vigie
        </span>
        <Menu position="bottom-end">
          <Menu.Target>
            <ActionIcon variant="subtle" color="gray" size="lg" aria-label={t("Language")}>
              <Languages size={18} aria-hidden />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.RadioGroup value={language()} onChange={(next) => speak(next as Language)}>
              <Menu.RadioItem value="en" lang="en">
                English
              </Menu.RadioItem>
              <Menu.RadioItem value="fr" lang="fr">
                Français
              </Menu.RadioItem>
            </Menu.RadioGroup>
          </Menu.Dropdown>
        </Menu>
      </header>
      <main className={styles.card}>
        <h1>{title}</h1>
        {children}
      </main>
    </div>
  );
}
