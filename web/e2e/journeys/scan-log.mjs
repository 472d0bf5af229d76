// What a scanner writes is read while it runs: line after line, without a reload.
import assert from "node:assert/strict";
import { detailsOf, startScan } from "../scanning.mjs";

export default async function walk({ open, ...asked }) {
  const page = await open();
  await startScan(page, asked);
  const drawer = await detailsOf(page);
  const written = drawer.getByRole("region", { name: "What slow wrote" });
  await written.getByText("line 1 of many").waitFor({ timeout: 60_000 });
  await written.getByText("line 4 of many").waitFor({ timeout: 60_000 });
  // One text, however often something was added to it.
  assert.equal(await written.count(), 1);
  await drawer.getByRole("button", { name: "Stop the scan" }).click();
  await drawer.getByText("Cancelled").first().waitFor({ timeout: 60_000 });
  assert.match(await written.textContent(), /line 1 of many\nline 2 of many\nline 3 of many/);
}
