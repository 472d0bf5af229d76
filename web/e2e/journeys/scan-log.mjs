// What a scanner writes is read while it runs: line after line, without a reload.
import assert from "node:assert/strict";
import { signIn } from "../browser.mjs";

export default async function walk({ open, address, email, password, target }) {
  const page = await open();
  await signIn(page, address, email, password, "/scans?new=1");
  await page.getByLabel("What to look at").fill(target);
  await page.getByRole("button", { name: "Start the scan" }).click();
  await page.getByText("The scan is started").waitFor();
  const drawer = page.getByRole("complementary");
  if ((await drawer.count()) === 0) await page.locator("[role=row][id]").first().click();
  const written = drawer.getByRole("region", { name: "What slow wrote" });
  await written.getByText("line 1 of many").waitFor({ timeout: 60_000 });
  await written.getByText("line 4 of many").waitFor({ timeout: 60_000 });
  // One text, however often something was added to it.
  assert.equal(await written.count(), 1);
  await drawer.getByRole("button", { name: "Stop the scan" }).click();
  await drawer.getByText("Cancelled").first().waitFor({ timeout: 60_000 });
  assert.match(await written.textContent(), /line 1 of many\nline 2 of many\nline 3 of many/);
}
