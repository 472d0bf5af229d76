/** Hours of the week: how the API holds them, and in words. */
import type { Shape } from "@/api/client";
import { language, t } from "@/words/words";

export type Span = Shape<"Hours">;
export type Quiet = Shape<"Quiet">;
export type Day = NonNullable<Span["days"]>[number];

export const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
export const MOST = 20; // spans that the API takes
/** What a span begins as: the hours in which most people work. */
export const USUAL: Span = {
  from: "08:00",
  until: "18:00",
  days: ["mon", "tue", "wed", "thu", "fri"],
};

/** The same of quiet hours: those in which most people sleep. */
export const THE_NIGHT: Span = { from: "22:00", until: "07:00", days: [] };

/** "Monday", in the reader's language. */
export function dayName(day: Day, form: "long" | "short" = "long"): string {
  // The fifth of January 1970 was a Monday.
  const date = new Date(Date.UTC(1970, 0, 5 + DAYS.indexOf(day)));
  return new Intl.DateTimeFormat(language(), { weekday: form, timeZone: "UTC" }).format(date);
}

/** Without a day it is every day. */
export function daysInWords(days: readonly Day[] | undefined): string {
  const chosen = DAYS.filter((day) => days?.includes(day));
  if (chosen.length === 0 || chosen.length === DAYS.length) return t("every day");
  const first = chosen[0] as Day;
  const last = chosen.at(-1) as Day;
  const isRun = DAYS.indexOf(last) - DAYS.indexOf(first) === chosen.length - 1;
  if (isRun && chosen.length > 2) {
    return t("{first} to {last}", { first: dayName(first), last: dayName(last) });
  }
  return listed(chosen.map((day) => dayName(day)));
}

/** "Monday to Friday from 08:00 to 18:00". An end that is not later lies on the next day. */
export function spanInWords({ from, until, days }: Span): string {
  const when = daysInWords(days);
  if (from === until) return t("{days} from {from} on, for a whole day", { days: when, from });
  return until < from
    ? t("{days} from {from} to {until} of the next day", { days: when, from, until })
    : t("{days} from {from} to {until}", { days: when, from, until });
}

/** "a, b and c". */
export function listed(words: readonly string[]): string {
  return new Intl.ListFormat(language(), { type: "conjunction" }).format(words);
}

/** What is wrong with the spans before they are sent; "" when nothing is. */
export function lacking(spans: readonly Span[]): string {
  return spans.some((one) => !one.from || !one.until)
    ? t("Each span needs its first and its last hour.")
    : "";
}
