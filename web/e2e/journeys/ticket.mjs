// A ticket is opened from a finding, and from an upgrade; how it stands over there arrives by itself.
import assert from "node:assert/strict";
import { signIn } from "../browser.mjs";

export default async function walk({ open, address, email, password, viewer, tickets }) {
  const page = await open();
  await signIn(page, address, email, password);
  await page.locator("[role=row][id]").first().click();
  const drawer = page.getByRole("complementary");
  await drawer.getByRole("button", { name: "Open a ticket" }).click();
  await page.getByText("The ticket is being opened").waitFor();
  const section = drawer.locator("section", {
    has: page.getByRole("heading", { name: "Tickets" }),
  });
  const link = section.getByRole("link");
  await link.waitFor({ timeout: 30_000 }); // written by the courier, told by an event
  assert.match(await link.getAttribute("href"), new RegExp(`^${tickets}/`));
  await section.getByText(/^Open/).waitFor();
  assert.equal(await section.getByRole("button").count(), 0); // there is one already

  await drawer.getByRole("link", { name: "shop:1.4", exact: true }).click();
  await page.getByRole("tab", { name: "Upgrade plan" }).click();
  const step = page
    .locator("li", { has: page.getByRole("button", { name: "Open a ticket" }) })
    .first();
  await step.getByRole("button", { name: "Open a ticket" }).click();
  await page.locator("li li").getByRole("link").first().waitFor({ timeout: 30_000 });

  // Who may only read sees the ticket and opens none.
  const other = await open();
  await signIn(other, address, viewer.email, viewer.password);
  await other.getByRole("grid").waitFor(); // one is in: another address would ask again
  await other.goto(page.url());
  await other.locator("li li").getByRole("link").first().waitFor();
  assert.equal(await other.getByRole("button", { name: "Open a ticket" }).count(), 0);
}
