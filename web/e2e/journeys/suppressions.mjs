// A waiver is found among the decisions, taken back, and restored by the message's undo; the
// decisions are saved as VEX.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { signIn } from "../browser.mjs";

export default async function walk({ open, address, email, password }) {
  const page = await open();
  await signIn(page, address, email, password, "/suppressions");
  const row = page.locator("[role=row][id]").filter({ hasText: "CVE-2025-1002" });
  await row.waitFor();
  await page.getByRole("button", { name: "Expiring soon" }).click();
  await row.click();
  const drawer = page.getByRole("complementary");
  await drawer.getByText("Replaced with the next release.").waitFor();
  assert.equal(await status(page), "suppressed");
  await drawer.getByRole("button", { name: "Take back" }).click();
  await page.getByText("Taken back; 1 finding is open again").waitFor();
  assert.equal(await status(page), "open");
  await page.getByRole("button", { name: "Undo" }).click();
  await becomes(page, "suppressed");
  await drawer.getByRole("button", { name: "Take back" }).waitFor();

  const saved = page.waitForEvent("download");
  await page.getByRole("button", { name: "Export VEX" }).click();
  await page.getByRole("menuitem", { name: "OpenVEX" }).click();
  const vex = JSON.parse(await readFile(await (await saved).path(), "utf8"));
  assert.ok(vex.statements.length > 0);
}

async function becomes(page, wanted) {
  const end = Date.now() + 30_000;
  while ((await status(page)) !== wanted) {
    assert.ok(Date.now() < end, `it did not become ${wanted}`);
    await page.waitForTimeout(100);
  }
}

function status(page) {
  return page.evaluate(async () => {
    const answer = await fetch("/api/v1/findings?rule=CVE-2025-1002&fields=id,status");
    return (await answer.json()).items[0].status;
  });
}
