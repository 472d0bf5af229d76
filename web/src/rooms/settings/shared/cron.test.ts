import { expect, test } from "vitest";
import { speak } from "@/words/words";
import { cronInWords } from "./cron";

test.each([
  ["30 2 * * *", "every day at 02:30"],
  ["@daily", "every day at 00:00"],
  ["5 * * * *", "every hour at 05 past"],
  ["*/15 * * * *", "every 15 minutes"],
  ["0 8 * * MON-FRI", "from Monday to Friday at 08:00"],
  ["0 8 * * 1,4", "every Monday and Thursday at 08:00"],
  ["0 6 * * 7", "every Sunday at 06:00"],
  ["0 6 1 * *", "on day 1 of every month at 06:00"],
  ["0 6 1 1 *", "0 6 1 1 *"],
  ["0 6-9 * * *", "0 6-9 * * *"],
  ["0 6 * * FOO", "0 6 * * FOO"],
  ["nonsense", "nonsense"],
])("%s is %s", (cron, said) => {
  speak("en");
  expect(cronInWords(cron)).toBe(said);
});

test("in French", () => {
  speak("fr");
  expect(cronInWords("0 8 * * MON-FRI")).toBe("du lundi au vendredi à 08:00");
});
