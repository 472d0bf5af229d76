// Somebody who works for two tenants goes from one to the other, and sees each alone.
import assert from "node:assert/strict";
import { signIn } from "../browser.mjs";

export default async function walk({ open, address, email, password, tenants }) {
  const page = await open();
  await signIn(page, address, email, password);
  await page.getByRole("heading", { name: "Findings", level: 1 }).waitFor();
  const seen = {};
  for (const { name, asset, other } of tenants) {
    const choice = page.getByRole("combobox", { name: "Tenant" });
    if ((await choice.inputValue()) !== name) {
      await choice.click();
      await page.getByRole("option", { name, exact: true }).click();
      await page.waitForFunction(
        (wanted) => document.querySelector("header input")?.value === wanted,
        name,
      );
    }
    await page.getByRole("navigation").getByRole("link", { name: "Findings" }).click();
    await page.locator("[role=row][id]").first().waitFor();
    const rows = (await page.locator("[role=row][id]").allTextContents()).join("\n");
    assert.ok(rows.includes(asset), `${name} lacks ${asset}`);
    assert.ok(!rows.includes(other), `${name} shows ${other} of another tenant`);
    await page.locator("[role=row][id]").first().click();
    await page
      .getByRole("complementary")
      .getByRole("heading", { name: "Why it is here" })
      .waitFor();
    seen[name] = page.url();
    await page.keyboard.press("Escape");
  }
  // The address of one tenant's finding shows nothing in the other.
  const [first] = Object.values(seen);
  await page.goto(first);
  await page.getByRole("complementary").getByRole("alert").waitFor();
}
