// French is one choice away, and then nothing that Vigie says is English.
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { PLACES, signIn, visit } from "../browser.mjs";

const SOURCE = path.join(import.meta.dirname, "../../src");
const FRENCH = Object.assign(
  {},
  ...readdirSync(SOURCE, { recursive: true, encoding: "utf8" })
    .filter((name) => /(^|\/)fr\.json$/.test(name))
    .map((name) => JSON.parse(readFileSync(path.join(SOURCE, name), "utf8"))),
);
/** English sentences whose French differs. What a sentence with places is filled with may be
 * anything, so it has to hold some words of its own. */
const PLAIN = new Set(
  Object.keys(FRENCH).filter((english) => FRENCH[english] !== english && !english.includes("{")),
);
const FILLED = Object.entries(FRENCH)
  .filter(([english, french]) => english.includes("{") && french !== english)
  .filter(([english]) => /\p{L}{3}/u.test(english.replace(/\{\w+\}/g, "")))
  .map(([english]) => {
    const parts = english
      .split(/\{\w+\}/)
      .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
    return new RegExp(`^${parts.join(".+")}$`, "u");
  });
/** French sentences that are spelled like an English one: "Description", "Plan"; and the name that a
 * language has in itself. */
const BOTH = new Set([...Object.values(FRENCH), "English"]);

export default async function walk({ open, wrong, address, email, password, main }) {
  const page = await open();
  await signIn(page, address, email, password);
  // The door has a menu of that name too, which goes with it.
  await page.getByRole("heading", { name: "Findings", level: 1 }).waitFor();
  await page.getByRole("button", { name: "Language" }).click();
  await page.getByRole("menuitemradio", { name: "Français" }).click();
  await page.getByRole("heading", { name: "Constats", level: 1 }).waitFor();
  for (const place of PLACES) {
    if (main && !main.includes(place.name)) continue;
    await visit(page, address, place);
    for (const said of await texts(page)) {
      const isEnglish =
        (PLAIN.has(said) && !BOTH.has(said)) || FILLED.some((form) => form.test(said));
      if (isEnglish) wrong.push(`${place.name}: in English: ${said}`);
    }
    const spoken = await page.evaluate(() => document.documentElement.lang);
    if (spoken !== "fr") wrong.push(`${place.name}: the page says that it is in ${spoken}`);
  }
  // It stays: the account speaks French from now on, in any browser.
  const account = await page.evaluate(
    async () => (await (await fetch("/api/v1/me")).json()).language,
  );
  if (account !== "fr") wrong.push(`the account speaks ${account}`);
}

/** Everything that can be read or heard. */
function texts(page) {
  return page.evaluate(() => {
    const found = new Set();
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const node = walker.currentNode;
      if (!node.parentElement.closest("script, style, code, .mono, [lang=en]")) {
        found.add(node.data.trim().replace(/\s+/g, " "));
      }
    }
    for (const element of document.querySelectorAll(
      "[aria-label], [title], [placeholder], [alt]",
    )) {
      for (const name of ["aria-label", "title", "placeholder", "alt"]) {
        if (element.getAttribute(name)) found.add(element.getAttribute(name).trim());
      }
    }
    found.add(document.title.replace(/ · Vigie$/, ""));
    return [...found].filter((text) => /\p{L}{2}/u.test(text));
  });
}
