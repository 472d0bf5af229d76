// Walks one journey of journeys/ against a running server; tests/screens starts both.
//
//   node e2e/journey.mjs NAME < situation.json
//
// The situation says {"address", "folder", …} and what else the journey reads. It ends with 1, says
// why, and leaves a picture in the folder when the journey fails, a script fails, or the page breaks
// its content policy.
import path from "node:path";
import { text } from "node:stream/consumers";
import { launch, opened } from "./browser.mjs";

const [name] = process.argv.slice(2);
const situation = JSON.parse(await text(process.stdin));
const { default: walk } = await import(`./journeys/${name}.mjs`);
const browser = await launch();
const wrong = [];
const pages = [];
const open = async (look) => {
  const page = await opened(browser, wrong, look);
  pages.push(page);
  return page;
};
try {
  await walk({ open, wrong, ...situation });
} catch (error) {
  wrong.push(error.stack);
  for (const [at, page] of pages.entries()) {
    if (page.isClosed()) continue;
    const picture = path.join(situation.folder, `${name}-${at}.png`);
    await page.screenshot({ path: picture }).catch(() => undefined);
    wrong.push(`at ${page.url()}, picture ${picture}`);
  }
}
await browser.close();
for (const one of new Set(wrong)) console.error(one);
process.exit(wrong.length === 0 ? 0 : 1);
