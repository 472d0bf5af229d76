// Measures the screens of a running server in Chromium; bench/bench_screens.py starts both.
//
//   node e2e/measure.mjs < asked.json
//
// Asked: {"address", "email", "password", "loads", "rounds", "pages"}. It writes one JSON object:
// times in milliseconds, sizes in bytes as they came over the wire.
import { text } from "node:stream/consumers";
import { launch, SIZES } from "./browser.mjs";
import { watchFor, watchFrames, watchInputs } from "./stopwatch.mjs";

const asked = JSON.parse(await text(process.stdin));
const { address, email, password } = asked;
const FORM = "form input[autocomplete=current-password]";
const NOW = "main a[href^='/findings?counts=true&sort']";
const ROWS = "[role=grid]:not([data-stale]) [role=row][id]";
// A window of that size and no emulated one: what lies beyond the real window is never presented,
// and the browser would count a key until something else is.
const FRAME = 87; // pixels of a window's height that are the browser's own
const browser = await launch(`--window-size=${SIZES.wide.width},${SIZES.wide.height + FRAME}`);

/** A context with an empty cache. */
function fresh(more = {}) {
  return browser.newContext({
    viewport: null,
    locale: "en",
    reducedMotion: "reduce",
    ...more,
  });
}

/** Milliseconds that the page's main thread has worked. */
async function worked(wire) {
  const { metrics } = await wire.send("Performance.getMetrics");
  return metrics.find((one) => one.name === "TaskDuration").value * 1000;
}

/** Load a place in a fresh browser until `selector` is painted: when, and what came until nothing
 * more did. */
async function load(place, selector, more) {
  const context = await fresh(more);
  const page = await context.newPage();
  await page.addInitScript(watchFor, selector);
  const wire = await context.newCDPSession(page);
  await wire.send("Network.enable");
  await wire.send("Performance.enable", { timeDomain: "threadTicks" });
  const kinds = new Map();
  const came = {};
  wire.on("Network.responseReceived", ({ requestId, type }) => kinds.set(requestId, type));
  wire.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
    const kind = kinds.get(requestId) ?? "Other";
    came[kind] = (came[kind] ?? 0) + encodedDataLength;
  });
  await page.goto(address + place);
  const time = await page.evaluate(() => globalThis.sight);
  const before = { ...came };
  const busy = await worked(wire);
  await page.waitForTimeout(1500);
  await context.close();
  return { time, busy, before, came };
}

/** From the click on "Sign in" until Now has its answer; and who is signed in then. */
async function signIn() {
  const context = await fresh();
  const page = await context.newPage();
  await page.goto(`${address}/sign-in`);
  await page.locator("input[autocomplete~=username]").fill(email);
  await page.locator(FORM).fill(password);
  await page.evaluate(watchFor, NOW);
  await page.evaluate(() => {
    const note = (event) => {
      globalThis.pressed = event.timeStamp;
    };
    addEventListener("click", note, { capture: true });
  });
  await page.locator("button[type=submit]").click();
  const time = await page.evaluate(async () => (await globalThis.sight) - globalThis.pressed);
  const storageState = await context.storageState();
  await context.close();
  return { time, storageState };
}

/** The list of findings, and what is done to it. */
async function interact(storageState) {
  const context = await fresh({ storageState });
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  await page.addInitScript(watchInputs);
  const wire = await context.newCDPSession(page);
  // The main thread's own time: it does not grow when others use the processors.
  await wire.send("Performance.enable", { timeDomain: "threadTicks" });
  const running = new Set();
  page.on("request", (one) => {
    if (one.resourceType() !== "eventsource" && !one.url().includes("/events")) running.add(one);
  });
  page.on("requestfinished", (one) => running.delete(one));
  page.on("requestfailed", (one) => running.delete(one));
  await page.goto(`${address}/findings`);
  const size = await page.evaluate(() => ({ width: innerWidth, height: innerHeight }));
  if (size.width !== SIZES.wide.width || size.height !== SIZES.wide.height)
    throw new Error(`the window shows ${size.width} x ${size.height} pixels`);
  await page.locator(ROWS).first().waitFor();
  await page.locator("fieldset input[type=checkbox]").first().waitFor();
  await settled();
  const parts = {};
  const anew = [];
  const facets = [];
  page.on("requestfinished", (request) => {
    if (request.url().includes("facets=")) facets.push(request.timing().responseEnd);
  });

  /** One kind of input, so often, and what the browser measured of it. */
  async function part(name, times, work) {
    await page.evaluate(() => globalThis.taken());
    const before = await page.evaluate(() => performance.interactionCount);
    const workedBefore = await worked(wire);
    for (let at = 0; at < times; at += 1) await work(at);
    await settled();
    const { events, frames, count } = await page.evaluate(() => globalThis.taken());
    const busy = (await worked(wire)) - workedBefore;
    parts[name] = { events, frames, busy, count: count - before };
  }
  async function settled() {
    const end = performance.now() + 60_000;
    for (let quiet = 0; quiet < 6; quiet = running.size === 0 ? quiet + 1 : 0) {
      if (performance.now() > end)
        throw new Error(`no answer: ${[...running].map((r) => r.url())}`);
      await page.waitForTimeout(50);
    }
  }
  async function press(key) {
    await page.keyboard.press(key);
    await page.waitForTimeout(60);
  }
  /** An input after which the list asks anew: waits for its rows, and notes how long that took. */
  async function asking(input) {
    await page.evaluate(() => {
      globalThis.answered = globalThis.sinceInput();
    });
    await input();
    const since = page.evaluate(() => globalThis.answered);
    const took = await Promise.race([since, page.waitForTimeout(60_000)]);
    if (took === undefined) throw new Error(`the rows did not change: ${page.url()}`);
    anew.push(took);
    await page.waitForTimeout(60);
  }
  const walking = async (at) => press(at % 4 === 3 ? "k" : "j");
  const { rounds } = asked;

  await part("j and k", rounds * 4, walking);
  await part("Enter opens the drawer, Escape closes it", rounds, async () => {
    await press("Enter");
    await page.getByRole("complementary").getByRole("heading").first().waitFor();
    await press("Escape");
    await press("j");
  });
  await press("Enter");
  await part("j with the drawer open", rounds, async () => {
    await press("j");
    await page.waitForTimeout(150);
  });
  await press("Escape");
  await part("x chooses", rounds * 2, async (at) => press(at % 2 ? "j" : "x"));
  await press("Escape");
  const boxes = page.locator("fieldset label:has(input:not(:disabled))");
  await part("a facet is ticked", Math.min(rounds, await boxes.count()), async (at) => {
    await asking(() => boxes.nth(at).click());
    await back();
  });
  await part("typing in the search, Enter", rounds, async (at) => {
    await press("/");
    await page.keyboard.type(WORDS[at % WORDS.length], { delay: 45 });
    await asking(() => page.keyboard.press("Enter"));
    await back();
  });
  await page.goto(`${address}/findings`);
  await page.locator(ROWS).first().waitFor();
  await settled();
  const scrolled = await scroll(page, asked.pages);
  const grid = page.getByRole("grid");
  await grid.focus();
  await grid
    .locator("[role=row][id]")
    .last()
    .click({ position: { x: 300, y: 10 } });
  await press("Escape");
  await part("j and k after that", rounds * 4, walking);
  await part("x after that", rounds * 2, async (at) => press(at % 2 ? "j" : "x"));
  await context.close();
  return { parts, anew, facets, scrolled };

  /** The view before; its rows are still known, so nothing is measured of it. */
  async function back() {
    await page.goBack();
    await settled();
  }
}
const WORDS = ["openssl", "kernel", "curl", "overflow", "CVE-2021", "spring", "zlib", "yaml"];

/** Turn the wheel until so many pages of 100 rows were loaded. */
async function scroll(page, pages) {
  await page.evaluate(() => globalThis.taken());
  let loaded = 0;
  const waited = [];
  page.on("requestfinished", (request) => {
    if (!request.url().includes("cursor=")) return;
    loaded += 1;
    waited.push(request.timing().responseEnd);
  });
  const box = await page.getByRole("grid").boundingBox();
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.evaluate(() => {
    globalThis.isScrolling = true;
  });
  const gaps = page.evaluate(watchFrames);
  const began = performance.now();
  while (loaded < pages && performance.now() - began < 240_000) {
    await page.mouse.wheel(0, 700);
    await page.waitForTimeout(16);
  }
  const took = performance.now() - began;
  await page.evaluate(() => {
    globalThis.isScrolling = false;
  });
  const { frames } = await page.evaluate(() => globalThis.taken());
  await page.locator("[role=row][id]").last().waitFor();
  return { gaps: await gaps, frames, waited, took, pages: loaded };
}

const door = [];
const first = [];
const entered = [];
let who;
for (let at = 0; at < asked.loads; at += 1) door.push(await load("/sign-in", FORM));
for (let at = 0; at < Math.min(asked.loads, 8); at += 1) {
  const { time, storageState } = await signIn();
  entered.push(time);
  who = storageState;
}
for (let at = 0; at < asked.loads; at += 1) first.push(await load("/", NOW, { storageState: who }));
const interactions = await interact(who);
await browser.close();
process.stdout.write(JSON.stringify({ door, first, entered, ...interactions }));
