// Three findings are understood and triaged, and no mouse is touched.
import assert from "node:assert/strict";

export default async function walk({ open, address, email, password }) {
  const page = await open();
  await page.goto(`${address}/findings`);
  await page.getByLabel("E-mail address").waitFor();
  await page.keyboard.type(email);
  await page.keyboard.press("Tab");
  await page.keyboard.type(password);
  await page.keyboard.press("Enter");
  await page.locator("[role=row][id]").nth(2).waitFor();
  const total = await count(page);

  // The first: read why it is here, then look into it.
  await page.keyboard.press("j");
  await page.keyboard.press("Enter");
  const drawer = page.getByRole("complementary");
  const dialog = page.getByRole("dialog");
  await drawer.getByRole("heading", { name: "Why it is here" }).waitFor();
  const first = await drawer.getByRole("heading", { level: 2 }).textContent();
  await drawer.locator("ul li").first().waitFor(); // the reasons
  await page.keyboard.press("i");
  await page.getByText("1 finding changed").first().waitFor();
  await drawer.getByText("Under investigation").first().waitFor();

  // The second: it does not affect us, and the dialog says why.
  await page.keyboard.press("j");
  await page.waitForFunction(
    (was) => document.querySelector("aside h2")?.textContent !== was,
    first,
  );
  await drawer.getByRole("heading", { name: "Why it is here" }).waitFor();
  await page.keyboard.press("w");
  await focused(page, "Reason");
  for (const key of ["Shift+Tab", "Shift+Tab", "Shift+Tab"]) await page.keyboard.press(key);
  await page.keyboard.press("ArrowDown");
  for (const key of ["Tab", "Tab", "Tab"]) await page.keyboard.press(key);
  await focused(page, "Reason");
  await page.keyboard.type("The shop never parses headers with it.");
  for (const key of ["Tab", "Tab", "Enter"]) await page.keyboard.press(key);
  await dialog.waitFor({ state: "detached" });
  await drawer.getByText("Not affected").first().waitFor();
  await page.keyboard.press("Escape");
  await drawer.waitFor({ state: "detached" });
  await left(page, total - 1);

  // The third: a waiver, from the list.
  await page.keyboard.press("j");
  await page.keyboard.press("w");
  await focused(page, "Reason");
  await page.keyboard.type("Replaced with the next release.");
  for (const key of ["Tab", "Tab", "Enter"]) await page.keyboard.press(key);
  await dialog.waitFor({ state: "detached" });
  await left(page, total - 2);

  const kept = await page.evaluate(async () => {
    const answer = await fetch("/api/v1/findings?sort=id&fields=id,status&limit=500");
    return (await answer.json()).items.map((one) => one.status);
  });
  for (const status of ["under_investigation", "not_affected", "suppressed"]) {
    assert.equal(kept.filter((one) => one === status).length >= 1, true, `${status}: ${kept}`);
  }
}

async function count(page) {
  return Number(await page.locator("h1 + *").textContent());
}

/** The list goes down to so many. */
function left(page, number) {
  const isSo = (wanted) => Number(document.querySelector("h1 + *")?.textContent) === wanted;
  return page.waitForFunction(isSo, number);
}

/** The field of this label has the focus. */
function focused(page, label) {
  return page.waitForFunction(
    (wanted) => document.activeElement?.labels?.[0]?.textContent.startsWith(wanted),
    label,
  );
}
