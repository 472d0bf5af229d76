// Somebody is invited as a viewer, chooses a password, and sees what a viewer may see.
import assert from "node:assert/strict";
import { signIn } from "../browser.mjs";

export default async function walk({ open, address, invitation, email, password }) {
  const page = await open();
  await page.goto(`${address}/invitation#${encodeURIComponent(invitation)}`);
  await page.getByLabel("Choose a password").fill(password);
  await page.getByRole("button", { name: "Accept the invitation" }).click();
  await page.getByText("Your password is set.").waitFor();
  await signIn(page, address, email, password);
  await page.locator("[role=row][id]").first().waitFor();
  // Reads, and cannot choose: there is nothing to do with what is chosen.
  assert.equal(await page.getByRole("grid").getByRole("checkbox").count(), 0);
  await page.keyboard.press("j");
  await page.keyboard.press("i");
  await page.keyboard.press("Enter");
  const drawer = page.getByRole("complementary");
  await drawer.getByText("Your role may read findings, not decide about them.").waitFor();
  assert.equal(await drawer.getByRole("button", { name: /Set aside|Investigate/ }).count(), 0);
  assert.equal(await drawer.getByRole("textbox").count(), 0, "a viewer cannot comment");
  assert.equal(await page.getByText("finding changed").count(), 0);
  // And the server does not take the screens' word for it.
  const refused = await page.evaluate(async () => {
    const csrf =
      document.cookie
        .split("; ")
        .find((one) => one.includes("csrf"))
        ?.split("=")[1] ?? "";
    const headers = { "Content-Type": "application/json", "X-CSRF-Token": csrf };
    const ask = async (path, method, body) =>
      (await fetch(`/api/v1/${path}`, { method, headers, body })).status;
    return [
      await ask("findings/triage", "POST", '{"filters": {}, "status": "fixed"}'),
      await ask("users", "GET"),
      await ask("audit", "GET"),
    ];
  });
  assert.deepEqual(refused, [403, 403, 403]);
}
