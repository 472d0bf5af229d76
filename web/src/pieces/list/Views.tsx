import { Button, Checkbox, Popover, TextInput } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Bookmark, Users } from "lucide-react";
import { useState } from "react";
import { useSession } from "@/api/session";
import { toast, toastProblem } from "@/pieces/Toasts";
import { t, tn } from "@/words/words";
import styles from "./List.module.css";
import { isSame, readable } from "./query";
import type { View } from "./types";
import { ViewMenu } from "./ViewMenu";
import { left, type SavedView, save, takeOver, viewsOf } from "./views";

interface Props {
  noun: string;
  views: View[];
  address: URLSearchParams;
  onView: (query: string) => void;
}

/** Ready-made views, one's own, and those that the tenant shares. */
export function Views({ noun, views, address, onView }: Props) {
  const { can } = useSession();
  const client = useQueryClient();
  const asked = useQuery({
    queryKey: ["views", noun],
    enabled: can("views:read"),
    queryFn: () => viewsOf(noun),
    staleTime: 60_000,
  });
  const saved = asked.data ?? [];
  const anew = () => client.invalidateQueries({ queryKey: ["views"] });
  const here = readable(address);
  const ready = views.find((view) => isSame(view.query, here));
  const current = ready ? undefined : saved.find((view) => isSame(view.query, here));
  return (
    <div className={styles.views} role="group" aria-label={t("Views")}>
      {views.map((view) => (
        <One key={view.name} view={view} isOn={view === ready} onView={onView} />
      ))}
      {saved.map((view) => (
        <One key={view.id} view={view} isOn={view === current} onView={onView}>
          {view.shared && (
            <Users
              size={12}
              className={styles.shared}
              aria-label={t("Shared by {name}", { name: view.owner })}
            />
          )}
          {view === current && <ViewMenu view={view} anew={anew} />}
        </One>
      ))}
      {!ready && !current && asked.data && can("views:write") && (
        <Save noun={noun} address={address} known={saved} anew={anew} />
      )}
      {asked.data && can("views:write") && <TakeOver noun={noun} known={saved} anew={anew} />}
    </div>
  );
}

interface OneProps {
  view: View;
  isOn: boolean;
  onView: (query: string) => void;
  children?: React.ReactNode;
}

function One({ view, isOn, onView, children }: OneProps) {
  return (
    <span className={styles.view} data-on={isOn || undefined}>
      <button type="button" aria-pressed={isOn} onClick={() => onView(view.query)}>
        {view.name}
      </button>
      {children}
    </span>
  );
}

interface SaveProps {
  noun: string;
  address: URLSearchParams;
  known: SavedView[];
  anew: () => Promise<void>;
}

function Save({ noun, address, known, anew }: SaveProps) {
  const { can } = useSession();
  const [name, setName] = useState("");
  const [shared, setShared] = useState(false);
  const [isOpen, setOpen] = useState(false);
  const keep = async () => {
    const said = name.trim();
    if (!said) return;
    const plain = new URLSearchParams(address);
    plain.delete("show");
    try {
      await save(noun, { name: said, query: readable(plain) }, shared, known);
      setName("");
    } catch (thrown) {
      toastProblem(thrown);
    }
    await anew();
  };
  return (
    <Popover position="bottom-start" trapFocus opened={isOpen} onChange={setOpen}>
      <Popover.Target>
        <Button
          size="compact-sm"
          variant="subtle"
          leftSection={<Bookmark size={14} aria-hidden />}
          onClick={() => setOpen(!isOpen)}
        >
          {t("Save this view")}
        </Button>
      </Popover.Target>
      <Popover.Dropdown p={0}>
        <form
          className={styles.save}
          onSubmit={(event) => {
            event.preventDefault();
            void keep();
          }}
        >
          <TextInput
            size="xs"
            label={t("Name of the view")}
            value={name}
            maxLength={60}
            data-autofocus
            onChange={(event) => setName(event.currentTarget.value)}
          />
          {can("views:share") && (
            <Checkbox
              size="xs"
              label={t("Share it with everybody here")}
              checked={shared}
              onChange={(event) => setShared(event.currentTarget.checked)}
            />
          )}
          <Button size="xs" type="submit" disabled={!name.trim()}>
            {t("Save the view")}
          </Button>
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}

/** Offered once, where an earlier version kept views in the browser alone. */
function TakeOver({ noun, known, anew }: Omit<SaveProps, "address">) {
  const [busy, setBusy] = useState(false);
  const count = left(noun).length;
  if (count === 0) return null;
  const take = async () => {
    setBusy(true);
    try {
      await takeOver(noun, known);
      toast({ said: t("Your views go with you from now on") });
    } catch (thrown) {
      toastProblem(thrown);
    }
    await anew();
    setBusy(false);
  };
  return (
    <Button size="compact-sm" variant="light" loading={busy} onClick={() => void take()}>
      {tn(count, "Keep {count} view of this browser", "Keep {count} views of this browser")}
    </Button>
  );
}
