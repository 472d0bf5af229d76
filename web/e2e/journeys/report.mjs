// A PDF is asked for, watched while it is made, and saved.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { signIn } from "../browser.mjs";

export default async function walk({ open, address, email, password }) {
  const page = await open();
  await signIn(page, address, email, password, "/reports");
  await page.getByRole("button", { name: "Make a report" }).first().click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Title").fill("What is open in the shop");
  await dialog.getByRole("combobox", { name: "What it is about" }).click();
  await page.getByRole("option", { name: "Open findings, critical and high" }).click();
  await dialog.getByRole("button", { name: "Make the report" }).click();
  const drawer = page.getByRole("complementary");
  await drawer.getByRole("heading", { name: "What is open in the shop" }).waitFor();
  const saved = page.waitForEvent("download", { timeout: 60_000 });
  await drawer.getByRole("button", { name: "Download" }).click({ timeout: 60_000 });
  const file = await saved;
  assert.match(file.suggestedFilename(), /\.pdf$/);
  const held = await readFile(await file.path());
  assert.equal(held.subarray(0, 5).toString(), "%PDF-");
  // It is about what was asked for.
  await drawer.getByRole("link", { name: "See the findings" }).click();
  await page.waitForURL(/severity=critical/);
}
