import { expect, test } from "vitest";
import { speak } from "@/words/words";
import { type Day, daysInWords, lacking, spanInWords } from "./hours";

test.each<[Day[], string]>([
  [[], "every day"],
  [["mon", "tue", "wed", "thu", "fri", "sat", "sun"], "every day"],
  [["fri", "mon", "tue", "wed", "thu"], "Monday to Friday"],
  [["sat", "sun"], "Saturday and Sunday"],
  [["mon", "wed", "fri"], "Monday, Wednesday, and Friday"],
  [["sun"], "Sunday"],
])("%j is said as %s", (days, said) => {
  speak("en");
  expect(daysInWords(days)).toBe(said);
});

test("an end that is not later lies on the next day", () => {
  speak("en");
  expect(spanInWords({ from: "08:00", until: "18:00", days: [] })).toBe(
    "every day from 08:00 to 18:00",
  );
  expect(spanInWords({ from: "22:00", until: "06:00", days: ["fri"] })).toBe(
    "Friday from 22:00 to 06:00 of the next day",
  );
  expect(spanInWords({ from: "00:00", until: "00:00", days: ["sat"] })).toBe(
    "Saturday from 00:00 on, for a whole day",
  );
  speak("fr");
  expect(spanInWords({ from: "08:00", until: "18:00", days: ["mon", "tue", "wed"] })).toBe(
    "du lundi au mercredi de 08:00 à 18:00",
  );
});

test("half a span is not sent", () => {
  speak("en");
  expect(lacking([{ from: "08:00", until: "18:00", days: [] }])).toBe("");
  expect(lacking([{ from: "08:00", until: "", days: [] }])).not.toBe("");
});
