/** Times of schedules in words, for the usual ones; others stay as they were written. */
import { language, t } from "@/words/words";

const NAMED: Record<string, string> = {
  "@hourly": "0 * * * *",
  "@daily": "0 0 * * *",
  "@midnight": "0 0 * * *",
  "@weekly": "0 0 * * 0",
  "@monthly": "0 0 1 * *",
};
const DAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

/** "30 2 * * MON-FRI" is "every day from Monday to Friday at 02:30". */
export function cronInWords(cron: string): string {
  const parts = (NAMED[cron.trim()] ?? cron.trim()).split(/\s+/);
  const [minute = "", hour = "", day = "", month = "", week = ""] = parts;
  if (parts.length !== 5 || month !== "*") return cron;
  const every = /^\*\/(\d+)$/.exec(minute);
  if (every && hour === "*" && day === "*" && week === "*") {
    return t("every {count} minutes", { count: Number(every[1]) });
  }
  if (!/^\d+$/.test(minute)) return cron;
  if (hour === "*" && day === "*" && week === "*") {
    return t("every hour at {minute} past", { minute: minute.padStart(2, "0") });
  }
  if (!/^\d+$/.test(hour)) return cron;
  const time = `${hour.padStart(2, "0")}:${minute.padStart(2, "0")}`;
  if (day === "*" && week === "*") return t("every day at {time}", { time });
  if (week === "*" && /^\d+$/.test(day)) {
    return t("on day {day} of every month at {time}", { day: Number(day), time });
  }
  if (day !== "*") return cron;
  const span = week.split("-").map(dayName);
  if (span.length === 2 && span.every(Boolean)) {
    return t("from {first} to {last} at {time}", {
      first: span[0] ?? "",
      last: span[1] ?? "",
      time,
    });
  }
  const names = week.split(",").map(dayName);
  if (!names.every(Boolean)) return cron;
  const list = new Intl.ListFormat(language(), { type: "conjunction" });
  return t("every {days} at {time}", { days: list.format(names as string[]), time });
}

/** The name of a day as cron writes it: 1, MON; undefined for what is none. */
function dayName(word: string): string | undefined {
  const at = /^\d$/.test(word) ? Number(word) % 7 : DAYS.indexOf(word.toUpperCase());
  if (at < 0 || Number.isNaN(at)) return undefined;
  // The fourth of January 1970 was a Sunday.
  const date = new Date(Date.UTC(1970, 0, 4 + at));
  return new Intl.DateTimeFormat(language(), { weekday: "long", timeZone: "UTC" }).format(date);
}
