// A message that was given up is sent again with one press.
import assert from "node:assert/strict";
import { signIn } from "../browser.mjs";

export default async function walk({ open, address, email, password, title }) {
  const page = await open();
  await signIn(page, address, email, password, "/settings/deliveries");
  const row = page.locator("[role=row][id]").filter({ hasText: title });
  await row.getByText("Given up").waitFor();
  await row.click();
  const drawer = page.getByRole("complementary");
  await drawer.getByText("500").waitFor();
  await drawer.getByRole("button", { name: "Send again" }).click();
  await page.getByText("On its way again").waitFor();
  await row.getByText("Waits").waitFor();
  // What is under way is not sent twice.
  await drawer.getByText("Waits").waitFor();
  assert.equal(await drawer.getByRole("button", { name: "Send again" }).count(), 0);
}
