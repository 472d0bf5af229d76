import { ActionIcon, Button, Popover, TextInput } from "@mantine/core";
import { Ellipsis, Trash2, UserMinus, Users } from "lucide-react";
import { useState } from "react";
import { useSession } from "@/api/session";
import { toast, toastProblem } from "@/pieces/Toasts";
import { t } from "@/words/words";
import styles from "./List.module.css";
import { change, remove, type SavedView, save } from "./views";

const DOING = { variant: "subtle", color: "gray", size: "xs", justify: "start" } as const;

interface Props {
  view: SavedView;
  anew: () => Promise<void>;
}

/** What may be done with the saved view that is shown. */
export function ViewMenu({ view, anew }: Props) {
  const { can } = useSession();
  const [name, setName] = useState(view.name);
  const [isOpen, setOpen] = useState(false);
  const mayEnd = view.own || can("settings:write");
  if (!mayEnd || !can("views:write")) return null;
  const attempt = async (work: () => Promise<unknown>) => {
    setOpen(false);
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
    <Popover position="bottom-start" trapFocus opened={isOpen} onChange={setOpen}>
      <Popover.Target>
        <ActionIcon
          size="xs"
          variant="subtle"
          color="gray"
          onClick={() => setOpen(!isOpen)}
          aria-label={t("What to do with the view {name}", { name: view.name })}
        >
          <Ellipsis size={14} aria-hidden />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown p={0} className={styles.doing ?? ""}>
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
          <Button
            {...DOING}
            leftSection={<Users size={14} aria-hidden />}
            onClick={() => void attempt(() => change(view, { shared: true }))}
          >
            {t("Share it with everybody here")}
          </Button>
        )}
        {view.shared && (
          <Button
            {...DOING}
            leftSection={<UserMinus size={14} aria-hidden />}
            onClick={() => void attempt(() => change(view, { shared: false }))}
          >
            {t("Share it no longer")}
          </Button>
        )}
        <Button
          {...DOING}
          leftSection={<Trash2 size={14} aria-hidden />}
          onClick={() => void away()}
        >
          {t("Delete the view {name}", { name: view.name })}
        </Button>
      </Popover.Dropdown>
    </Popover>
  );
}
