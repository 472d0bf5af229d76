/** Keys that do something, and the list of them that `?` shows. */
import { useEffect, useRef, useSyncExternalStore } from "react";

export interface Key {
  /** As the browser names it: "j", "Enter", "/", "ArrowDown"; "mod+k" is Ctrl or ⌘. */
  keys: string[];
  /** What it does, for the list. */
  said: string;
  run: () => void;
  /** Also while somebody types. */
  whileTyping?: boolean;
}

export interface Group {
  title: string;
  keys: Key[];
}

let groups: readonly Group[] = [];
const listeners = new Set<() => void>();

function change(next: readonly Group[]): void {
  groups = next;
  for (const tell of listeners) tell();
}

function pressed(event: KeyboardEvent): string {
  const mod = event.ctrlKey || event.metaKey ? "mod+" : "";
  return mod + (event.key.length === 1 ? event.key.toLowerCase() : event.key);
}

// A box that was just ticked keeps the focus, and takes a few keys alone.
const SWITCH = "input[type=checkbox], input[type=radio]";
const OF_A_SWITCH = /^( |Enter|Arrow.*)$/;

/** Whether the place that has the focus takes this key for itself. */
function takesIt(event: KeyboardEvent): boolean {
  const place = event.target;
  if (!(place instanceof HTMLElement)) return false;
  if (place.matches(SWITCH)) return OF_A_SWITCH.test(event.key);
  if (place.closest('input, textarea, select, [contenteditable="true"]')) return true;
  if (place.closest('[role="menu"], [role="listbox"], [role="dialog"][aria-modal="true"]'))
    return true;
  return (
    (event.key === "Enter" || event.key === " ") &&
    place.closest("button, a, summary, [role=menuitem], [role=switch], label") !== null
  );
}

function onKey(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.altKey || event.isComposing) return;
  const word = pressed(event);
  const taken = takesIt(event);
  // The latest that was put up comes first: what lies on top hears it alone.
  for (const group of [...groups].reverse()) {
    const key = group.keys.find((one) => one.keys.includes(word) && (!taken || one.whileTyping));
    if (key) {
      event.preventDefault();
      key.run();
      return;
    }
  }
}

if (typeof document !== "undefined") document.addEventListener("keydown", onKey);

/** Hear these keys while this is shown. */
export function useKeys(title: string, keys: Key[], active = true): void {
  const latest = useRef(keys);
  latest.current = keys;
  const names = keys.map((key) => `${key.keys.join(" ")}|${key.said}`).join("\n");
  // biome-ignore lint/correctness/useExhaustiveDependencies: names stand for the keys
  useEffect(() => {
    if (!active) return undefined;
    const group: Group = {
      title,
      keys: latest.current.map((key, at) => ({ ...key, run: () => latest.current[at]?.run() })),
    };
    change([...groups, group]);
    return () => change(groups.filter((one) => one !== group));
  }, [title, names, active]);
}

/** All that is heard now. */
export function useAllKeys(): readonly Group[] {
  return useSyncExternalStore(
    (tell) => {
      listeners.add(tell);
      return () => listeners.delete(tell);
    },
    () => groups,
  );
}

const SHOWN: Record<string, string> = {
  ArrowDown: "↓",
  ArrowUp: "↑",
  Enter: "↵",
  Escape: "Esc",
  " ": "␣",
  PageDown: "Page ↓",
  PageUp: "Page ↑",
  Home: "Home",
};

/** A key as people know it. */
export function keyName(word: string): string {
  const mac = /Mac|iP/.test(navigator.platform);
  return word
    .split("+")
    .map((part) => (part === "mod" ? (mac ? "⌘" : "Ctrl") : (SHOWN[part] ?? part.toUpperCase())))
    .join(" ");
}
