// The session ends in the middle of triage: one signs in and is back, told what was not done.
import assert from "node:assert/strict";
import { signIn } from "../browser.mjs";

export default async function walk({ open, address, email, password }) {
  const page = await open();
  await signIn(page, address, email, password, "/findings?severity=high&sort=-score");
  await page.locator("[role=row][id]").first().click();
  const drawer = page.getByRole("complementary");
  const decide = drawer.getByRole("button", { name: "Set aside…" });
  await decide.waitFor();
  const view = new URL(page.url());
  const before = await decided(page);
  await decide.click();
  await page.getByRole("dialog").getByLabel("Reason").fill("A test environment.");
  await page.context().clearCookies();
  await page.getByRole("button", { name: "Waive for 30 days" }).click();
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
  await page.getByLabel("E-mail address").fill(email);
  await page.locator("input[autocomplete=current-password]").fill(password);
  await page.locator("button[type=submit]").click();

  await decide.waitFor();
  const back = new URL(page.url());
  assert.equal(back.pathname + back.search, view.pathname + view.search);
  await page.getByText("Your last change was not made").waitFor();
  await page.getByText("Then make the change again.").waitFor();
  assert.deepEqual(await decided(page), before);
  await decide.click();
  await page.getByRole("dialog").getByLabel("Reason").fill("A test environment.");
  await page.getByRole("button", { name: "Waive for 30 days" }).click();
  await page.getByText(/findings? changed$/).waitFor();
  assert.equal((await decided(page)).length, before.length + 1);
}

function decided(page) {
  return page.evaluate(async () => {
    const { items } = await (await fetch("/api/v1/findings?status=suppressed&sort=id")).json();
    return items.map((one) => one.id);
  });
}
