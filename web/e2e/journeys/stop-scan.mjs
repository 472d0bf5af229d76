// A scan that takes too long is stopped, and says so without a reload.
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
  await drawer.getByText("Running").first().waitFor({ timeout: 60_000 });
  await drawer.getByRole("button", { name: "Stop the scan" }).click();
  await page.getByText("The scan is being stopped").waitFor();
  await drawer.getByText("Cancelled").first().waitFor({ timeout: 60_000 });
  await page.locator("[role=row][id]").first().getByText("Cancelled").waitFor({ timeout: 60_000 });
  // What has ended cannot be stopped.
  assert.equal(await drawer.getByRole("button", { name: "Stop the scan" }).count(), 0);
}
