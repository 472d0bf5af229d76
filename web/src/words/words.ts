/** What people read. English sentences are the keys; each room brings its French in a fr.json. */
import { numbers, plurals, spans, times } from "./forms";

export type Language = "en" | "fr";
export type Values = Record<string, string | number>;

type Words = Record<string, string>;
const FOUND = import.meta.glob<Words>(["./fr.json", "../**/fr.json"], {
  eager: true,
  import: "default",
});
const FRENCH: Words = Object.fromEntries(
  Object.values(FOUND).flatMap((words) =>
    Object.entries(words).map(([english, french]) => [english, set(french)]),
  ),
);

/** French as it is set: no line begins with ; : ! ? or a closing quotation mark. The files hold
 * plain spaces, as the catalogue of the server does. */
function set(french: string): string {
  return french.replace(/ (?=[;!?])/g, "\u202f").replace(/ (?=[:%»])|(?<=«) /g, "\u00a0");
}

const KEPT = "vigie-language";
const listeners = new Set<() => void>();
let current: Language = atFirst();

/** The language that the screens speak now. */
export function language(): Language {
  return current;
}

/** Speak another language from now on, and keep it for this browser. */
export function speak(next: Language, keep = true): void {
  if (keep) localStorage.setItem(KEPT, next);
  current = next;
  document.documentElement.lang = next;
  for (const tell of listeners) tell();
}

/** The first language that this browser asks for and the screens speak. */
export function browserLanguage(): Language {
  const asked = navigator.languages.map((one) => one.toLowerCase().split("-")[0]);
  return asked.find((one): one is Language => one === "en" || one === "fr") ?? "en";
}

/** Speak what the browser asks for, and keep nothing. */
export function speakAsBrowser(): void {
  localStorage.removeItem(KEPT);
  speak(browserLanguage(), false);
}

const KEPT_ZONE = "vigie-time-zone";
let zone = known(localStorage.getItem(KEPT_ZONE) ?? "");

/** The time zone that times are shown in. */
export function timeZone(): string {
  return zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** Show times in this zone from now on; "" and one that this browser does not know mean its own. */
export function keepTime(name: string): void {
  const next = known(name);
  if (next === zone) return;
  zone = next;
  // Kept, so that the next page begins with it and nothing is said twice.
  if (zone) localStorage.setItem(KEPT_ZONE, zone);
  else localStorage.removeItem(KEPT_ZONE);
  for (const tell of listeners) tell();
}

/** What was said in which zone: everything is said anew when one of the two changes. */
export function saying(): string {
  return `${current} ${zone ?? ""}`;
}

function known(name: string): string | undefined {
  if (!name) return undefined;
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }) && name;
  } catch {
    return undefined;
  }
}

function inZone(form: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  return times(current, zone ? { ...form, timeZone: zone } : form);
}

/** Whether this browser was told which language to speak. */
export function isLanguageChosen(): boolean {
  return localStorage.getItem(KEPT) !== null;
}

/** For useSyncExternalStore: told when the language changes. */
export function onLanguage(tell: () => void): () => void {
  listeners.add(tell);
  return () => listeners.delete(tell);
}

/** The sentence in the current language, with its {places} filled. */
export function t(sentence: string, values: Values = {}): string {
  const said = current === "fr" ? (FRENCH[sentence] ?? sentence) : sentence;
  return said.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name];
    return value === undefined ? whole : typeof value === "number" ? numberOf(value) : value;
  });
}

/** One sentence or the other, as the language counts; both may hold {count}. */
export function tn(count: number, one: string, many: string, values: Values = {}): string {
  const rule = plurals(current).select(count);
  return t(rule === "one" ? one : many, { count, ...values });
}

/** A number as the language writes it. */
export function numberOf(value: number, options?: Intl.NumberFormatOptions): string {
  return numbers(current, options).format(value);
}

/** A share of 1 as a percentage. */
export function percentOf(value: number): string {
  return numberOf(value, { style: "percent", maximumFractionDigits: value < 0.01 ? 2 : 0 });
}

/** The exact time, in the reader's zone. */
export function exactTime(at: string | Date): string {
  return inZone({ dateStyle: "long", timeStyle: "long" }).format(new Date(at));
}

/** The time of day, with its seconds. */
export function clockTime(at: string | Date): string {
  return inZone({ timeStyle: "medium" }).format(new Date(at));
}

/** A day of this year or the last, as charts name it. */
export function shortDay(at: string | Date): string {
  return inZone({ month: "short", day: "numeric" }).format(new Date(at));
}

/** A day without a time. */
export function dayOf(at: string | Date): string {
  return inZone({ dateStyle: "medium" }).format(new Date(at));
}

const STEPS: [Intl.RelativeTimeFormatUnit, number][] = [
  ["year", 31_536_000],
  ["month", 2_592_000],
  ["week", 604_800],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];

/** How long ago, or how long until: "3 days ago". */
export function relativeTime(at: string | Date, now: number = Date.now()): string {
  const seconds = (new Date(at).getTime() - now) / 1000;
  // "yesterday" is exact enough to be said; "next month" is not.
  const format = (unit: Intl.RelativeTimeFormatUnit) =>
    spans(current, { numeric: unit === "day" || unit === "second" ? "auto" : "always" });
  for (const [unit, size] of STEPS) {
    if (Math.abs(seconds) >= size) return format(unit).format(Math.trunc(seconds / size), unit);
  }
  return seconds > 0 ? format("second").format(0, "second") : t("just now");
}

function atFirst(): Language {
  const kept = localStorage.getItem(KEPT);
  return kept === "en" || kept === "fr" ? kept : browserLanguage();
}

document.documentElement.lang = current;
