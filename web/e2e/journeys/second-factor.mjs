// The first sign-in of somebody who must have a second factor, and the next one.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { signIn } from "../browser.mjs";

export default async function walk({ open, address, email, password }) {
  const page = await open();
  await signIn(page, address, email, password);
  await page.getByRole("heading", { name: "Set up your second factor" }).waitFor();
  await page.goto(`${address}/findings`);
  // There is no way round it.
  await page.getByRole("heading", { name: "Set up your second factor" }).waitFor();
  await page.getByLabel("Your password again").fill(password);
  await page.getByRole("button", { name: "Show the QR code" }).click();
  await page.getByAltText(/^QR code/).waitFor();
  const secret = (await page.locator("main code").first().textContent()).replaceAll(" ", "");
  await page.getByLabel("Code of your authenticator app").fill(code(secret, 0));
  await page.getByRole("button", { name: "Switch it on" }).click();
  await page.getByRole("heading", { name: "Keep these recovery codes" }).waitFor();
  const codes = await page.locator("main li code").allTextContents();
  assert.equal(new Set(codes).size, 10);
  await page.getByRole("button", { name: "I have kept them" }).click();
  await page.getByRole("heading", { name: "Findings", level: 1 }).waitFor();

  const again = await open();
  await signIn(again, address, email, password);
  await again.getByRole("heading", { name: "Second factor" }).waitFor();
  await again.getByLabel("Code of your authenticator app").fill(wrongCode(secret));
  await again.getByRole("alert").waitFor();
  assert.equal(await again.getByRole("heading", { name: "Findings" }).count(), 0);
  // Each code works once, so this is the one after it.
  await again.getByLabel("Code of your authenticator app").fill(code(secret, 1));
  await again.getByRole("heading", { name: "Findings", level: 1 }).waitFor();

  const lost = await open();
  await signIn(lost, address, email, password);
  await lost.getByRole("button", { name: "The app is lost: use a recovery code" }).click();
  await lost.getByLabel("Recovery code").fill(codes[0]);
  await lost.getByRole("button", { name: "Continue" }).click();
  await lost.getByRole("heading", { name: "Findings", level: 1 }).waitFor();
}

/** The six digits that an app shows, `later` steps from now (RFC 6238). */
function code(secret, later) {
  const bits = [...secret.replaceAll("=", "")]
    .map((letter) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(letter))
    .map((value) => value.toString(2).padStart(5, "0"))
    .join("");
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => Number.parseInt(byte, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + later));
  const mac = createHmac("sha1", key).update(step).digest();
  const at = mac[19] & 15;
  return String((mac.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

/** None that the app shows about now. */
function wrongCode(secret) {
  const near = new Set([-2, -1, 0, 1, 2].map((later) => code(secret, later)));
  return ["000000", "111111", "222222", "333333", "444444", "555555"].find((one) => !near.has(one));
}
