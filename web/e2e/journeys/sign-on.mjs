// An owner lets people in through the company's own provider, and somebody comes in by it.
import assert from "node:assert/strict";
import { signIn, violations } from "../browser.mjs";

export default async function walk({ open, address, email, password, issuer }) {
  const page = await open();
  // The provider's page asks for styles from elsewhere.
  await page.route(
    ({ hostname }) => hostname !== "localhost",
    (route) => route.abort(),
  );
  await signIn(page, address, email, password, "/settings/sign-on");
  await page.getByText(`${address}/api/v1/auth/sign-on/callback`).waitFor();
  await page.getByRole("button", { name: "Add a provider" }).first().click();
  const form = page.getByRole("dialog");
  await form.getByLabel("Name").fill("Acme ID");
  await form.getByLabel("Issuer").fill("http://id.example.org");
  await form.getByLabel("Client ID").fill("vigie");
  await form.getByRole("textbox", { name: "Client secret" }).fill("s3cret");
  await form.getByRole("button", { name: "Add a group" }).click();
  await form.getByLabel("Group 1", { exact: true }).fill("it");
  await form.getByLabel("Role of group 1").click();
  await page.getByRole("option", { name: "Analyst" }).click();
  await form.getByRole("button", { name: "Add the provider" }).click();
  // Plain HTTP proves nothing; what was typed stays.
  await form.getByText("It must begin with https://").waitFor();
  assert.deepEqual(await violations(page), []);
  assert.equal(await form.getByLabel("Client ID").inputValue(), "vigie");

  // An address of the provider's own network that nobody allowed is refused by the server.
  await form.getByLabel("Issuer").fill("https://10.0.0.1");
  await form.getByRole("button", { name: "Add the provider" }).click();
  const why = form.getByRole("alert");
  await why.getByText("internal address").first().waitFor();
  // The form is longer than the window, and its end is in sight.
  const { y, height } = await why.boundingBox();
  const foot = await form.getByRole("button", { name: "Add the provider" }).boundingBox();
  assert.ok(y + height <= foot.y, `it ends at ${y + height}, the buttons begin at ${foot.y}`);
  await form.getByLabel("Issuer").fill(issuer);
  await form.getByRole("button", { name: "Add the provider" }).click();
  await page.getByText("Provider added").waitFor();
  const drawer = page.getByRole("complementary");
  await drawer.getByText("kept sealed").waitFor();
  const door = await drawer.getByText(`${address}/sign-in?tenant=`).textContent();

  await page.getByRole("button", { name: "Account" }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await page.getByLabel("E-mail address").waitFor();
  await page.goto(door);
  await page.getByRole("button", { name: "Sign in with Acme ID" }).click();
  await page.getByRole("button", { name: "ann" }).click();
  await page.waitForURL(`${address}/`);
  await page.getByRole("navigation").getByRole("link", { name: "Findings" }).waitFor();
  const me = await page.evaluate(async () => (await fetch("/api/v1/me")).json());
  assert.deepEqual([me.email, me.role, me.methods], ["ann@example.org", "analyst", ["sso"]]);

  // She may not see how it is set up.
  await page.goto(`${address}/settings`);
  await page.getByRole("main").getByRole("link", { name: "Account" }).waitFor();
  assert.equal(await page.getByRole("link", { name: "Single sign-on" }).count(), 0);
}
