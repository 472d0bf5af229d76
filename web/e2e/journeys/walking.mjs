// Whatever row the keys walk to can be seen, whole: under the titles and above the end of the table.
import assert from "node:assert/strict";
import { signIn } from "../browser.mjs";

export default async function walk({ open, address, email, password }) {
  for (const [size, height] of [
    ["wide", 520],
    ["narrow", 640],
  ]) {
    const page = await open({ size });
    await page.setViewportSize({ width: page.viewportSize().width, height });
    await signIn(page, address, email, password);
    await page.locator("[role=row][id]").nth(3).waitFor();
    const rows = Number(await page.locator("h1 + *").textContent());
    for (const [key, times] of [
      ["j", rows],
      ["k", rows - 1],
      ["PageDown", 1],
      ["Home", 1],
    ]) {
      for (let at = 0; at < times; at += 1) {
        await page.keyboard.press(key);
        const hidden = await page.waitForFunction(inSight).then(
          () => "",
          () => page.evaluate(where),
        );
        assert.equal(hidden, "", `${size}, ${key} ${at + 1}: ${hidden}`);
      }
    }
  }
}

/** Runs in the page. */
function inSight() {
  const grid = document.querySelector("[role=grid]");
  const row = grid.querySelector("[data-cursor]")?.getBoundingClientRect();
  const head = grid.querySelector("[role=columnheader]")?.parentElement.getBoundingClientRect();
  const { top, bottom } = grid.getBoundingClientRect();
  return row !== undefined && row.top >= (head?.bottom ?? top) - 1 && row.bottom <= bottom + 1;
}

function where() {
  const grid = document.querySelector("[role=grid]");
  const box = (one) => JSON.stringify(one?.getBoundingClientRect());
  return `row ${box(grid.querySelector("[data-cursor]"))} in ${box(grid)}`;
}
