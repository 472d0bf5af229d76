// Walks the screens of a running server in Chromium: the journey, pictures, and axe.
//
//   node e2e/walk.mjs ADDRESS EMAIL PASSWORD [FOLDER] [--pictures] [--lang fr]
//
// Pictures go to FOLDER (web/.pictures otherwise), light and dark, at 1440 and 400 pixels; of what
// is longer than the window there is a second one, whole. It ends with 1 when a step of the
// journey fails, when axe finds something serious, when something is wider than the window, when
// the page breaks its own content policy, or when a script fails. With --pictures it takes
// pictures and nothing else: no journey, no axe. `make pictures` starts and fills a server for it.
import { mkdirSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import {
  launch,
  opened as open,
  overflow,
  PLACES,
  reach,
  signIn,
  violations,
  visit,
} from "./browser.mjs";

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { pictures: { type: "boolean" }, lang: { type: "string", default: "en" } },
});
const [address, email, password, folder = path.join(import.meta.dirname, "../.pictures")] =
  positionals;
if (!password) {
  console.error(
    "usage: node e2e/walk.mjs ADDRESS EMAIL PASSWORD [FOLDER] [--pictures] [--lang fr]",
  );
  process.exit(2);
}
mkdirSync(folder, { recursive: true });
const LONGEST = 4000; // pixels of a whole picture

const wrong = [];
const browser = await launch();
const opened = (scheme, size, lang = "en") => open(browser, wrong, { scheme, size, lang });

async function enter(page) {
  await signIn(page, address, email, password);
  await page.getByRole("grid").waitFor();
}

async function check(page, name) {
  if (values.pictures) return;
  for (const one of await violations(page)) wrong.push(`axe, ${name}: ${one}`);
}

async function picture(page, name) {
  await page.waitForTimeout(250); // fonts and the last layout
  await page.screenshot({ path: path.join(folder, `${name}.png`) });
  const window = page.viewportSize();
  const height = Math.min(await reach(page), LONGEST);
  if (height > window.height + 24) {
    await page.setViewportSize({ width: window.width, height });
    await page.waitForTimeout(150);
    await page.screenshot({ path: path.join(folder, `${name}-whole.png`) });
    await page.setViewportSize(window);
  }
  const over = await overflow(page);
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
    await enter(page);
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
  const page = await opened(scheme, size, values.lang);
  await page.goto(`${address}/sign-in`);
  await page.locator("button[type=submit]").waitFor();
  await picture(page, `sign-in-${scheme}-${size}`);
  await check(page, `sign-in ${scheme} ${size}`);
  await enter(page);
  for (const place of PLACES) {
    const { name } = place;
    try {
      await visit(page, address, place);
    } catch (error) {
      wrong.push(`place, ${name} ${scheme} ${size}: ${error.message.split("\n")[0]}`);
    }
    await picture(page, `${name}-${scheme}-${size}`);
    await check(page, `${name} ${scheme} ${size}`);
  }
  await page.context().close();
}

if (!values.pictures) await journey();
for (const size of ["wide", "narrow"]) {
  await Promise.all(["light", "dark"].map((scheme) => pictures(scheme, size)));
}
await browser.close();
for (const one of new Set(wrong)) console.error(one);
console.log(wrong.length === 0 ? "nothing is wrong" : `${wrong.length} things are wrong`);
process.exit(wrong.length === 0 ? 0 : 1);
