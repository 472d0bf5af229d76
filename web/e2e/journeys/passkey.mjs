// A passkey is made in the account, and lets its owner in without a password.
import assert from "node:assert/strict";
import { signIn } from "../browser.mjs";

export default async function walk({ open, address, email, password }) {
  const page = await open();
  const device = await page.context().newCDPSession(page);
  await device.send("WebAuthn.enable");
  const { authenticatorId } = await device.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  const kept = async () =>
    (await device.send("WebAuthn.getCredentials", { authenticatorId })).credentials;

  await signIn(page, address, email, password, "/settings/account");
  await page.getByRole("button", { name: "Add a passkey of this device" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name of the device").fill("Grey laptop");
  await dialog.getByLabel("Your password again").fill("not my password");
  await dialog.getByRole("button", { name: "Add it" }).click();
  // A wrong password makes none, and the name that was typed is still there.
  await dialog.getByRole("alert").waitFor();
  assert.equal((await kept()).length, 0);
  assert.equal(await dialog.getByLabel("Name of the device").inputValue(), "Grey laptop");
  await dialog.getByLabel("Your password again").fill(password);
  await dialog.getByRole("button", { name: "Add it" }).click();
  await page.getByText("Passkey added").waitFor();
  await page.getByText("Grey laptop").waitFor();
  assert.equal((await kept()).length, 1);

  await page.context().clearCookies();
  await page.goto(`${address}/findings`);
  await page.getByRole("button", { name: "Sign in with a passkey" }).click();
  await page.getByRole("heading", { name: "Findings", level: 1 }).waitFor();

  // Taken away, it opens nothing any more, though the device still has it.
  await page.goto(`${address}/settings/account`);
  await page.getByRole("button", { name: "Take Grey laptop away" }).click();
  await page.getByText("Passkey Grey laptop taken away").waitFor();
  await page.context().clearCookies();
  await page.goto(`${address}/findings`);
  await page.getByRole("button", { name: "Sign in with a passkey" }).click();
  await page.getByRole("alert").waitFor();
  assert.equal((await kept()).length, 1);
}
