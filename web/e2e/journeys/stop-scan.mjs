// A scan that takes too long is stopped, and says so without a reload.
import assert from "node:assert/strict";
import { detailsOf, startScan } from "../scanning.mjs";

export default async function walk({ open, ...asked }) {
  const page = await open();
  await startScan(page, asked);
  const drawer = await detailsOf(page);
  await drawer.getByText("Running").first().waitFor({ timeout: 60_000 });
  await drawer.getByRole("button", { name: "Stop the scan" }).click();
  await page.getByText("The scan is being stopped").waitFor();
  await drawer.getByText("Cancelled").first().waitFor({ timeout: 60_000 });
  await page.locator("[role=row][id]").first().getByText("Cancelled").waitFor({ timeout: 60_000 });
  // What has ended cannot be stopped.
  assert.equal(await drawer.getByRole("button", { name: "Stop the scan" }).count(), 0);
}
