// Two people write at one policy: the second is told, and chooses with both before them.
import assert from "node:assert/strict";
import { signIn } from "../browser.mjs";

export default async function walk({ open, address, first, second }) {
  const [ada, bob] = [await edited(first), await edited(second)];
  const text = (page) => page.getByLabel("The policy, as YAML");
  const keep = (page) => page.getByRole("button", { name: "Keep the changes" }).click();
  const kept = await text(ada).inputValue();
  await text(bob).fill(`${kept}# by Bob\n`);
  await text(ada).fill(`${kept}# by Ada\n`);
  await keep(ada);
  await ada.getByText("Policy ours is changed").waitFor();

  await keep(bob).catch(() => undefined); // it may have been told already
  await bob.getByText("Somebody else changed this policy meanwhile").waitFor();
  assert.match(await text(bob).inputValue(), /# by Bob/);
  await bob.getByText("# by Ada").waitFor();
  assert.match(await source(ada), /# by Ada/, "Ada's change was written over unasked");
  await bob.getByRole("button", { name: "Put mine in its place" }).click();
  await bob.getByText("Policy ours is changed").waitFor();
  assert.match(await source(ada), /# by Bob/);
  await bob.getByRole("button", { name: "Undo" }).click();
  await bob.getByText("Taken back").waitFor();
  assert.match(await source(ada), /# by Ada/);

  async function edited({ email, password }) {
    const page = await open();
    await signIn(page, address, email, password, "/policies");
    await page.getByText("ours").first().click();
    await page.getByLabel("The policy, as YAML").waitFor();
    return page;
  }
}

/** What the server holds. */
function source(page) {
  return page.evaluate(async () => {
    const id = location.pathname.split("/").at(-1);
    return (await (await fetch(`/api/v1/policies/${id}`)).json()).source;
  });
}
