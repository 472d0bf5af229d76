// Chromium as the walks use it: pages that note what goes wrong in them, and axe.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { chromium } from "playwright-core";

export const SIZES = { wide: { width: 1440, height: 900 }, narrow: { width: 400, height: 800 } };
export const PLACES = JSON.parse(
  readFileSync(path.join(import.meta.dirname, "places.json"), "utf8"),
);
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

export function launch(...args) {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", ...args],
  });
}

/** A page that adds to `wrong` what fails in it, and what breaks its content policy. */
export async function opened(
  browser,
  wrong,
  { scheme = "light", size = "wide", lang = "en" } = {},
) {
  const context = await browser.newContext({
    viewport: SIZES[size],
    colorScheme: scheme,
    locale: lang,
    reducedMotion: "reduce",
  });
  // The account may speak another language than this walk; what is chosen here goes before it.
  await context.addInitScript((chosen) => {
    if (!localStorage.getItem("vigie-language")) localStorage.setItem("vigie-language", chosen);
  }, lang);
  const page = await context.newPage();
  page.setDefaultTimeout(8_000);
  page.on("pageerror", (error) => wrong.push(`script: ${error.message}`));
  page.on("console", (message) => {
    const text = message.text();
    if (/content security policy/i.test(text)) wrong.push(`policy: ${text}`);
  });
  return page;
}

/** Fill in the door's form and go in; `place` is where one wants to be. */
export async function signIn(page, address, email, password, place = "/findings") {
  await page.goto(address + place);
  await page.getByLabel(/^(E-mail address|Adresse)/).fill(email);
  await page.locator("input[autocomplete=current-password]").fill(password);
  await page.locator("button[type=submit]").click();
}

/** Go to a place of places.json, wait for it, press its keys, click what it names; `until` is there
 * when all of it is. */
export async function visit(page, address, { place, wait, keys = [], click = [], until }) {
  await page.goto(address + place);
  await page
    .locator(wait ?? "h1")
    .first()
    .waitFor();
  await page.waitForLoadState("load");
  await page.waitForTimeout(300);
  // Keys walk the rows of a list: on a busy machine they come later than its title.
  const row = page.locator("[role=row][id]").first();
  if (keys.includes("Enter")) await row.waitFor({ timeout: 3_000 }).catch(() => {});
  for (const key of keys) {
    await page.keyboard.press(key);
    await page.waitForTimeout(350);
  }
  for (const one of click) {
    await page.locator(one).first().click();
    await page.waitForTimeout(350);
  }
  if (until) await page.locator(until).first().waitFor();
}

/** What axe calls serious, on the page as it is, a line each. It is evaluated beside the page's
 * own scripts. */
export async function violations(page) {
  await page.evaluate(AXE);
  const found = await page.evaluate(() =>
    globalThis.axe.run(document, { resultTypes: ["violations"] }),
  );
  return found.violations
    .filter((one) => one.impact === "serious" || one.impact === "critical")
    .map((one) => {
      const where = one.nodes
        .slice(0, 3)
        .map((node) => `${node.target.join(" ")}: ${node.failureSummary}`);
      return `${one.id}: ${one.help}\n    ${where.join("\n    ")}`;
    });
}

/** How many pixels the page is wider than the window. */
export function overflow(page) {
  return page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
}

/** How high the window would have to be to show all of the page, or of what scrolls in it; a list
 * is as long as one likes and counts as it is. */
export function reach(page) {
  return page.evaluate(() => {
    const scrolls = (one) =>
      one.clientHeight > window.innerHeight / 2 &&
      ["auto", "scroll"].includes(getComputedStyle(one).overflowY) &&
      !one.closest("[role=grid]") &&
      !one.querySelector("[role=grid]");
    const all = [document.documentElement, ...document.querySelectorAll("main, main *, aside")];
    const hidden = all
      .filter((one) => one === document.documentElement || scrolls(one))
      .map((one) => one.scrollHeight - one.clientHeight);
    return window.innerHeight + Math.max(...hidden);
  });
}
