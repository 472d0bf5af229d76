// A rule with two spans of hours is made, then changed by two people at once.
import assert from "node:assert/strict";
import { signIn } from "../browser.mjs";

export default async function walk({ open, address, first, second }) {
  const ada = await opened(first);
  await ada.getByRole("button", { name: "Add a rule" }).first().click();
  const form = (page) => page.getByRole("dialog");
  await form(ada).getByLabel("Name").fill("At work");
  await form(ada).getByLabel("Who is told").click();
  await ada.getByRole("option", { name: "operations" }).click();
  const hours = form(ada).getByRole("group", { name: "Only at these hours" });
  await hours.getByRole("button", { name: "Add hours" }).click();
  await hours.getByRole("button", { name: "Add hours" }).click();
  const night = form(ada)
    .getByRole("group", { name: /^Monday to Friday/ })
    .nth(1);
  await night.getByText("Fri", { exact: true }).click();
  await form(ada)
    .getByText(/^Only Monday to Friday from 08:00 to 18:00 and Monday to Thursday/)
    .waitFor();
  const quiet = form(ada).getByRole("group", { name: "Quiet hours" });
  await quiet.getByRole("button", { name: "Add hours" }).click();
  await form(ada).getByRole("button", { name: "Add the rule" }).click();
  await ada.getByText("Rule added").waitFor();
  await ada.getByText(/quiet every day from 22:00 to 07:00/).waitFor();

  const bob = await opened(second);
  await change(bob);
  await change(ada);
  await form(ada).getByLabel("Name").fill("Ada's hours");
  await form(bob).getByLabel("Name").fill("Bob's hours");
  await form(ada).getByRole("button", { name: "Save" }).click();
  await ada.getByText("Saved").waitFor();
  await form(bob).getByRole("button", { name: "Save" }).click();
  await form(bob).getByText("Changed by somebody else").waitFor();
  await form(bob)
    .getByText(/Ada's hours: new findings/)
    .waitFor();
  assert.equal(await form(bob).getByLabel("Name").inputValue(), "Bob's hours");
  assert.deepEqual(await names(bob), ["Ada's hours"]);
  await form(bob).getByRole("button", { name: "Save" }).click();
  await bob.getByText("Saved").waitFor();
  assert.deepEqual(await names(bob), ["Bob's hours"]);

  async function opened({ email, password }) {
    const page = await open();
    await signIn(page, address, email, password, "/settings/rules");
    await page.getByRole("heading", { name: "Notification rules", level: 1 }).waitFor();
    return page;
  }
}

async function change(page) {
  await page.locator("[role=row][id]").first().click();
  await page.getByRole("complementary").getByRole("button", { name: "Change…" }).click();
  await page.getByRole("dialog").waitFor();
}

function names(page) {
  return page.evaluate(async () => {
    const { items } = await (await fetch("/api/v1/notification-rules")).json();
    return items.map((one) => one.name);
  });
}
