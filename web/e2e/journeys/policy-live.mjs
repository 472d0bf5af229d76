// Two people look at the policies: what one of them does, the other sees without a reload.
import assert from "node:assert/strict";
import { signIn } from "../browser.mjs";

export default async function walk({ open, address, first, second }) {
  const ada = await open();
  await signIn(ada, address, first.email, first.password, "/policies");
  await ada.getByText("ours").first().waitFor();
  const bob = await open();
  await signIn(bob, address, second.email, second.password, "/policies");
  await bob.getByText("ours").first().click();
  await ada.evaluate(() => {
    window.wasLoadedOnce = true;
  });
  await bob.getByRole("button", { name: "Make it the default" }).click();
  await bob.getByText("Gates judge by ours now").waitFor();
  await ada.getByText("Default").first().waitFor();
  await bob.getByRole("button", { name: "Delete" }).click();
  await bob.getByText("Policy ours is deleted").waitFor();
  await ada.getByText("ours").first().waitFor({ state: "detached" });
  assert.equal(await ada.evaluate(() => window.wasLoadedOnce), true);
}
