// Walks the screens of a running server in Chromium: the journey, pictures, and axe.
//
//   node e2e/walk.mjs ADDRESS EMAIL PASSWORD [FOLDER]
//
// Pictures go to FOLDER (web/.pictures otherwise), light and dark, at 1440 and 400 pixels. It ends
// with 1 when a step of the journey fails, when axe finds something serious, when the page breaks
// its own content policy, or when a script fails.
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { chromium } from "playwright-core";

const [address, email, password, folder = path.join(import.meta.dirname, "../.pictures")] =
  process.argv.slice(2);
if (!password) {
  console.error("usage: node e2e/walk.mjs ADDRESS EMAIL PASSWORD [FOLDER]");
  process.exit(2);
}
mkdirSync(folder, { recursive: true });

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const PLACES = JSON.parse(readFileSync(path.join(import.meta.dirname, "places.json"), "utf8"));
const SIZES = { wide: { width: 1440, height: 900 }, narrow: { width: 400, height: 800 } };
const wrong = [];

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox"],
});

/** A page that notes what goes wrong in it. */
async function opened(scheme, size, lang = "en") {
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

async function signIn(page) {
  await page.goto(`${address}/findings`);
  await page.getByLabel(/^(E-mail address|Adresse)/).fill(email);
  await page.locator("input[autocomplete=current-password]").fill(password);
  await page.locator("button[type=submit]").click();
  await page.getByRole("grid").waitFor();
}

/** What axe calls serious, on the page as it is. It is evaluated beside the page's own scripts. */
async function check(page, name) {
  await page.evaluate(AXE);
  const found = await page.evaluate(() =>
    globalThis.axe.run(document, { resultTypes: ["violations"] }),
  );
  for (const one of found.violations) {
    if (one.impact !== "serious" && one.impact !== "critical") continue;
    const where = one.nodes
      .slice(0, 3)
      .map((node) => `${node.target.join(" ")}: ${node.failureSummary}`);
    wrong.push(`axe, ${name}: ${one.id}: ${one.help}\n    ${where.join("\n    ")}`);
  }
}

async function picture(page, name) {
  await page.waitForTimeout(250); // fonts and the last layout
  await page.screenshot({ path: path.join(folder, `${name}.png`) });
  const over = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  if (over > 0) wrong.push(`layout, ${name}: ${over} pixels wider than the window`);
}

async function step(said, work) {
  try {
    await work();
    console.log(`ok      ${said}`);
  } catch (error) {
    wrong.push(`journey: ${said}: ${error.message.split("\n").slice(0, 4).join(" ")}`);
    console.log(`FAILED  ${said}`);
  }
}

async function journey() {
  const page = await opened("light", "wide");
  await step("a wrong password is told, and what to do", async () => {
    await page.goto(address);
    await page.getByLabel("E-mail address").fill(email);
    await page.locator("input[autocomplete=current-password]").fill("not this one");
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await page.getByRole("alert").first().waitFor();
    await picture(page, "sign-in-wrong");
  });
  await step("signing in leads back to where one wanted to be", async () => {
    await signIn(page);
    if (!page.url().startsWith(`${address}/findings`)) throw new Error(page.url());
  });
  await step("j and Enter open a finding, j walks on, Escape closes", async () => {
    await page.getByRole("row").nth(1).waitFor();
    await page.keyboard.press("j");
    await page.keyboard.press("Enter");
    await page
      .getByRole("complementary")
      .getByRole("heading", { name: "Why it is here" })
      .waitFor();
    const first = page.url();
    await page.keyboard.press("j");
    await page.waitForFunction((was) => location.href !== was, first);
    await page.keyboard.press("Escape");
    await page.getByRole("complementary").waitFor({ state: "detached" });
  });
  await step("x and i investigate, and the message takes it back", async () => {
    await page.keyboard.press("x");
    await page.keyboard.press("i");
    await page.getByRole("button", { name: "Undo" }).click();
    await page.getByText("Taken back").waitFor();
  });
  await step("the filter is in the address", async () => {
    await page.keyboard.press("/");
    await page.keyboard.type("severity:critical ");
    await page.keyboard.press("Enter");
    await page.waitForURL(/severity=critical/);
  });
  await step("French is one choice away and stays", async () => {
    await page.getByRole("button", { name: "Language" }).click();
    await page.getByRole("menuitemradio", { name: "Français" }).click();
    await page.getByRole("heading", { name: "Constats" }).waitFor();
    await page.reload();
    await page.getByRole("heading", { name: "Constats" }).waitFor();
    await picture(page, "findings-french");
    await page.getByRole("button", { name: "Langue" }).click();
    await page.getByRole("menuitemradio", { name: "English" }).click();
  });
  await page.context().close();
}

async function pictures(scheme, size) {
  const page = await opened(scheme, size);
  await page.goto(`${address}/sign-in`);
  await page.getByRole("button", { name: "Sign in", exact: true }).waitFor();
  await picture(page, `sign-in-${scheme}-${size}`);
  await check(page, `sign-in ${scheme} ${size}`);
  await signIn(page);
  for (const { name, place, wait, keys = [] } of PLACES) {
    await page.goto(address + place);
    await page
      .locator(wait ?? "h1")
      .first()
      .waitFor();
    await page.waitForLoadState("load");
    await page.waitForTimeout(300);
    for (const key of keys) {
      await page.keyboard.press(key);
      await page.waitForTimeout(350);
    }
    await picture(page, `${name}-${scheme}-${size}`);
    await check(page, `${name} ${scheme} ${size}`);
  }
  await page.context().close();
}

await journey();
for (const scheme of ["light", "dark"]) {
  for (const size of ["wide", "narrow"]) await pictures(scheme, size);
}
await browser.close();
for (const one of new Set(wrong)) console.error(one);
console.log(wrong.length === 0 ? "nothing is wrong" : `${wrong.length} things are wrong`);
process.exit(wrong.length === 0 ? 0 : 1);
