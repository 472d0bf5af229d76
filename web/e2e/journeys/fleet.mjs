// A fleet of many tenants opens with one question, and each of its numbers leads to the rows.
import assert from "node:assert/strict";
import { signIn } from "../browser.mjs";

export default async function walk({ open, address, email, password, tenants, worst }) {
  const page = await open();
  await signIn(page, address, email, password);
  await page.getByRole("heading", { name: "Findings", level: 1 }).waitFor();
  await page.goto(`${address}/favicon.svg`); // what the list still asks for is none of the fleet's
  const asked = [];
  page.on("request", (request) => {
    const { pathname } = new URL(request.url());
    if (pathname.startsWith("/api/")) asked.push(pathname);
  });
  await page.goto(`${address}/fleet`);
  await page.getByRole("heading", { name: "Fleet", level: 1 }).waitFor();
  const rows = page.locator("tbody tr");
  await rows.nth(tenants - 1).waitFor();
  assert.equal(await rows.count(), tenants);
  assert.equal(asked.filter((path) => path === "/api/v1/fleet").length, 1);
  const each = asked.filter((path) => /overview|findings|assets/.test(path));
  assert.deepEqual(each, [], "tenants were asked one by one");
  // The worst stands first; who never looked says unknown, not nought.
  assert.match(await rows.first().textContent(), new RegExp(worst));
  assert.match(await rows.last().textContent(), /\?/);
  await page.getByRole("textbox", { name: "Look for a tenant" }).fill(worst);
  assert.equal(await rows.count(), 1);
  await rows
    .getByRole("button", { name: new RegExp(`^${worst}, .*: \\d+$`) })
    .first()
    .click();
  await page.locator("[role=row][id]").first().waitFor();
  assert.match(page.url(), /\/findings\?counts=true/);
}
