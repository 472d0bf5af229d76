// A finding is given to oneself with three keys, found among one's own, and given back with one press.
import assert from "node:assert/strict";
import { signIn } from "../browser.mjs";

export default async function walk({ open, address, email, password }) {
  const page = await open();
  await signIn(page, address, email, password);
  await page.locator("[role=row][id]").nth(2).waitFor();
  await page.keyboard.press("j");
  await page.keyboard.press("x");
  await page.keyboard.press("a");
  const dialog = page.getByRole("dialog");
  await dialog.getByText("Who takes care of 1 finding?").waitFor();
  await dialog.locator("input:focus").waitFor();
  await page.keyboard.press("Enter");
  await dialog.waitFor({ state: "detached" });
  await page.getByText("1 finding changed").waitFor();

  await page.getByRole("button", { name: "Mine" }).click();
  const rows = page.locator("[role=grid]:not([data-stale]) [role=row][id]");
  await page.waitForFunction(() => document.querySelectorAll("[role=row][id]").length === 1);
  await rows.first().click();
  const drawer = page.getByRole("complementary");
  await drawer.getByText("Taken care of by").waitFor();
  assert.equal(await mine(page), 1);
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Undo" }).click();
  await page.getByText("Taken back").waitFor();
  assert.equal(await mine(page), 0);
}

/** How many somebody takes care of. */
function mine(page) {
  return page.evaluate(async () => {
    const answer = await fetch("/api/v1/findings?fields=assignee&limit=500");
    return (await answer.json()).items.filter((one) => one.assignee).length;
  });
}
