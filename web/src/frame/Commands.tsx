import { Modal, TextInput, useMantineColorScheme } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { Search } from "lucide-react";
import { useEffect, useId, useMemo, useState } from "react";
import { useNavigate } from "react-router";
import type { Shape } from "@/api/client";
import { useSession } from "@/api/session";
import { useKeys } from "@/keys/keys";
import { fetchPage } from "@/pieces/list/rows";
import { Severity } from "@/pieces/Severity";
import { toastProblem } from "@/pieces/Toasts";
import { ROOMS } from "@/rooms/rooms";
import { language, t } from "@/words/words";
import styles from "./Shell.module.css";
import { changeLanguage } from "./TopBar";

interface Entry {
  id: string;
  title: string;
  /** What sort of thing it is. */
  sort: string;
  severity?: string;
  go: () => void;
}

interface Props {
  isOpen: boolean;
  onOpen: () => void;
  onClose: () => void;
}

/** Ctrl K: go anywhere, do anything, find findings and assets. */
export function Commands({ isOpen, onOpen, onClose }: Props) {
  useKeys(t("Everywhere"), [
    { keys: ["mod+k"], said: t("Search and commands"), run: onOpen, whileTyping: true },
  ]);
  return (
    <Modal
      opened={isOpen}
      onClose={onClose}
      withCloseButton={false}
      padding={0}
      size="lg"
      yOffset="12vh"
      attributes={{ content: { "aria-label": t("Search and commands") } }}
    >
      {isOpen && <Palette onClose={onClose} />}
    </Modal>
  );
}

function Palette({ onClose }: { onClose: () => void }) {
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const list = useId();
  const places = usePlaces();
  const found = useFound(text);
  const word = plain(text);
  const entries = [
    ...places.filter((one) => plain(one.title).includes(word)).slice(0, word ? 8 : 40),
    ...found,
  ];
  // biome-ignore lint/correctness/useExhaustiveDependencies: another text begins at the top
  useEffect(() => setAt(0), [text]);
  const take = (entry: Entry | undefined) => {
    if (!entry) return;
    onClose();
    entry.go();
  };
  return (
    <>
      <TextInput
        data-autofocus
        variant="unstyled"
        size="md"
        px="sm"
        className={styles.asked ?? ""}
        leftSection={<Search size={17} aria-hidden />}
        placeholder={t("Where to, or what to do? Or any word of a finding or an asset")}
        aria-label={t("Search and commands")}
        role="combobox"
        aria-expanded
        aria-controls={list}
        aria-activedescendant={entries[at] ? `${list}-${at}` : undefined}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
          if (by && entries.length > 0) {
            event.preventDefault();
            const next = (at + by + entries.length) % entries.length;
            setAt(next);
            document.getElementById(`${list}-${next}`)?.scrollIntoView({ block: "nearest" });
          } else if (event.key === "Enter") {
            event.preventDefault();
            take(entries[at]);
          }
        }}
      />
      <ul id={list} role="listbox" aria-label={t("Found")} className={styles.commands}>
        {entries.map((entry, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field above hears the keys
          <li
            key={entry.id}
            id={`${list}-${index}`}
            role="option"
            aria-selected={index === at}
            tabIndex={-1}
            onMouseMove={() => setAt(index)}
            onClick={() => take(entry)}
          >
            {entry.severity && <Severity value={entry.severity} bare />}
            <span>{entry.title}</span>
            <span className="soft">{entry.sort}</span>
          </li>
        ))}
      </ul>
    </>
  );
}

function usePlaces(): Entry[] {
  const { can, me, signOut } = useSession();
  const { setColorScheme } = useMantineColorScheme();
  const navigate = useNavigate();
  return useMemo(() => {
    const may = (permission?: string) => !permission || can(permission);
    const rooms = ROOMS.filter((room) => may(room.permission) && (!room.isFor || room.isFor(me)));
    const places = rooms.flatMap((room) => [
      ...(room.order > 0
        ? [
            {
              id: room.id,
              title: room.title(),
              sort: t("Room"),
              go: () => void navigate(room.path),
            },
          ]
        : []),
      ...room.screens
        .filter((screen) => screen.title && screen.path !== room.path && may(screen.permission))
        .map((screen) => ({
          id: screen.path,
          title: screen.title?.() ?? "",
          sort: room.title(),
          go: () => void navigate(screen.path),
        })),
      ...(room.commands ?? [])
        .filter((command) => may(command.permission))
        .map((command) => ({
          id: `${room.id} ${command.title()}`,
          title: command.title(),
          sort: t("Command"),
          go: () => (command.to ? void navigate(command.to) : command.run?.()),
        })),
    ]);
    const sort = t("Command");
    const other = language() === "fr" ? "en" : "fr";
    return [
      ...places,
      { id: "light", title: t("Use the light theme"), sort, go: () => setColorScheme("light") },
      { id: "dark", title: t("Use the dark theme"), sort, go: () => setColorScheme("dark") },
      {
        id: "tongue",
        title: other === "fr" ? "Passer en français" : "Switch to English",
        sort,
        go: () => void changeLanguage(other, me),
      },
      { id: "out", title: t("Sign out"), sort, go: () => void signOut().catch(toastProblem) },
    ];
  }, [can, me, signOut, setColorScheme, navigate]);
}

function useFound(text: string): Entry[] {
  const { can } = useSession();
  const navigate = useNavigate();
  const [word] = useDebouncedValue(text.trim(), 150);
  const isLong = word.length > 1;
  const findings = useQuery({
    queryKey: ["findings", "searched", word],
    queryFn: ({ signal }) =>
      fetchPage<Shape<"Finding">>(
        "/api/v1/findings",
        { q: word, limit: "6", fields: "id,severity,rule,component,asset" },
        signal,
      ),
    enabled: isLong && can("findings:read"),
  });
  const assets = useQuery({
    queryKey: ["assets", "searched", word],
    queryFn: ({ signal }) =>
      fetchPage<Shape<"Asset">>(
        "/api/v1/assets",
        { q: word, limit: "5", fields: "id,name,kind" },
        signal,
      ),
    enabled: isLong && can("assets:read"),
  });
  if (!isLong) return [];
  return [
    ...(assets.data?.items ?? []).map((one) => ({
      id: one.id ?? "",
      title: one.name ?? "",
      sort: t("Asset"),
      go: () => void navigate(`/assets?show=${one.id}`),
    })),
    ...(findings.data?.items ?? []).map((one) => ({
      id: one.id ?? "",
      title: [one.rule?.name, one.component?.name, one.asset?.name].filter(Boolean).join(" · "),
      sort: t("Finding"),
      severity: one.severity ?? "unknown",
      go: () => void navigate(`/findings?q=${encodeURIComponent(word)}&show=${one.id}`),
    })),
  ];
}

function plain(text: string): string {
  return text.trim().toLowerCase().normalize("NFD").replace(/\p{M}/gu, "");
}
