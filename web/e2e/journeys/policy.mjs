// A policy is written from a ready-made one, tried on today's findings, kept, changed, and the change
// taken back.
import assert from "node:assert/strict";
import { signIn } from "../browser.mjs";

export default async function walk({ open, address, email, password }) {
  const page = await open();
  await signIn(page, address, email, password, "/policies");
  await page.getByRole("link", { name: "Write a policy" }).first().click();
  await page.getByRole("combobox", { name: "Begin from a ready-made one" }).click();
  await page.getByRole("option", { name: "strict" }).click();
  const source = page.getByLabel("The policy, as YAML");
  assert.match(await source.inputValue(), /^name: our-strict$/m);
  await page.getByRole("heading", { name: "A finding is blocked when" }).waitFor();

  // What is wrong with it is said while one writes.
  await source.fill("name: ours\nblock:\n  - name: critical\n    severity: enormous\n");
  await page.getByRole("alert").waitFor();
  const strict =
    "name: ours\nrequire:\n  complete: false\nblock:\n  - name: grave\n    severity: low\n";
  await source.fill(strict);
  await page.getByText("its severity is low or higher").waitFor();
  await page.getByRole("button", { name: "Try it on today's findings" }).click();
  await page.getByText("It would fail").waitFor();
  await page.getByRole("heading", { name: /^What would fail, and why/ }).waitFor();
  await page.getByText(/CVE-2025-1007 .* is blocked by grave/).waitFor();
  assert.deepEqual(await kept(page), [], "trying keeps nothing");

  await page.getByRole("button", { name: "Keep the policy" }).click();
  await page.waitForURL(/\/policies\/[0-9a-f-]{36}$/);
  assert.deepEqual(await kept(page), ["ours"]);
  await page.getByRole("heading", { name: "ours", level: 1 }).waitFor();

  // A milder one lets today's findings through; the change is taken back.
  await source.fill(`${strict}  - name: never\n    licence: [NoSuchLicence]\n`);
  await page.getByRole("button", { name: "Keep the changes" }).click();
  await page.getByText("Policy ours is changed").waitFor();
  assert.match(await stored(page), /NoSuchLicence/);
  await page.getByRole("button", { name: "Undo" }).last().click();
  await page.getByText("Taken back").waitFor();
  assert.equal(await stored(page), strict);
  assert.equal(await source.inputValue(), strict);
}

function kept(page) {
  return page.evaluate(async () => {
    const answer = await fetch("/api/v1/policies");
    return (await answer.json()).items.map((one) => one.name);
  });
}

function stored(page) {
  const path = new URL(page.url()).pathname;
  return page.evaluate(async (at) => (await (await fetch(`/api/v1${at}`)).json()).source, path);
}
