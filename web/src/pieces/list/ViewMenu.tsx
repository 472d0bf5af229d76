import { ActionIcon, Button, Menu, TextInput } from "@mantine/core";
import { Ellipsis, Trash2, UserMinus, Users } from "lucide-react";
import { useState } from "react";
import { useSession } from "@/api/session";
import { toast, toastProblem } from "@/pieces/Toasts";
import { t } from "@/words/words";
import styles from "./List.module.css";
import { change, remove, type SavedView, save } from "./views";

interface Props {
  view: SavedView;
  anew: () => Promise<void>;
}

/** What may be done with the saved view that is shown. */
export function ViewMenu({ view, anew }: Props) {
  const { can } = useSession();
  const [name, setName] = useState(view.name);
  const mayEnd = view.own || can("settings:write");
  if (!mayEnd || !can("views:write")) return null;
  const attempt = async (work: () => Promise<unknown>) => {
    try {
      await work();
    } catch (thrown) {
      toastProblem(thrown);
    }
    await anew();
  };
  const away = () =>
    attempt(async () => {
      await remove(view);
      const said = t("The view {name} is deleted", { name: view.name });
      const undo = () => save(view.room, view, view.shared, []).then(anew);
      toast(view.own ? { said, undo } : { said });
    });
  return (
    <Menu position="bottom-start" trapFocus>
      <Menu.Target>
        <ActionIcon
          size="xs"
          variant="subtle"
          color="gray"
          aria-label={t("What to do with the view {name}", { name: view.name })}
        >
          <Ellipsis size={14} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {view.own && (!view.shared || can("views:share")) && (
          <form
            className={styles.save}
            onSubmit={(event) => {
              event.preventDefault();
              void attempt(() => change(view, { name: name.trim() }));
            }}
          >
            <TextInput
              size="xs"
              label={t("Name of the view")}
              value={name}
              maxLength={60}
              onChange={(event) => setName(event.currentTarget.value)}
            />
            <Button
              size="xs"
              type="submit"
              disabled={!name.trim() || name.trim() === view.name}
              variant="default"
            >
              {t("Rename it")}
            </Button>
          </form>
        )}
        {view.own && !view.shared && can("views:share") && (
          <Menu.Item
            leftSection={<Users size={14} aria-hidden />}
            onClick={() => void attempt(() => change(view, { shared: true }))}
          >
            {t("Share it with everybody here")}
          </Menu.Item>
        )}
        {view.shared && (
          <Menu.Item
            leftSection={<UserMinus size={14} aria-hidden />}
            onClick={() => void attempt(() => change(view, { shared: false }))}
          >
            {t("Share it no longer")}
          </Menu.Item>
        )}
        <Menu.Item leftSection={<Trash2 size={14} aria-hidden />} onClick={() => void away()}>
          {t("Delete the view {name}", { name: view.name })}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
