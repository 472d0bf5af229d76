// Many findings are decided about at once, and one press takes it all back.
import assert from "node:assert/strict";
import { signIn } from "../browser.mjs";

export default async function walk({ open, address, email, password }) {
  const page = await open();
  await signIn(page, address, email, password);
  await page.locator("[role=row][id]").nth(3).waitFor();
  const before = await statuses(page);
  await page.getByRole("checkbox", { name: "Choose all rows that are loaded" }).check();
  const bar = page.getByRole("region", { name: "Chosen rows" });
  await bar.getByRole("button", { name: "Set aside…" }).click();
  await page.getByRole("dialog").getByLabel("Reason").fill("A test environment.");
  await page.getByRole("button", { name: "Waive for 30 days" }).click();
  await page.getByText(/^\d+ findings changed$/).waitFor();
  await page
    .getByText("Nothing matches this filter")
    .or(page.locator("[role=grid]"))
    .first()
    .waitFor();
  const during = await statuses(page);
  assert.notDeepEqual(during, before);
  assert.equal(Object.values(during).includes("open"), false, JSON.stringify(during));
  await page.getByRole("button", { name: "Undo" }).click();
  await page.getByText("Taken back").waitFor();
  assert.deepEqual(await statuses(page), before);
  // The list shows it too, without a reload.
  await page.locator("[role=row][id]").nth(3).waitFor();
}

/** Every finding's status, by id. */
function statuses(page) {
  return page.evaluate(async () => {
    const answer = await fetch("/api/v1/findings?sort=id&fields=id,status&limit=500");
    const { items } = await answer.json();
    return Object.fromEntries(items.map((one) => [one.id, one.status]));
  });
}
