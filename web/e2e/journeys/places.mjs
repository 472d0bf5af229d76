// Every place in one look: axe finds nothing serious, and nothing is wider than the window.
import { overflow, PLACES, signIn, violations, visit } from "../browser.mjs";

export default async function walk({ open, wrong, address, email, password, look, main }) {
  const page = await open(look);
  await page.goto(`${address}/sign-in`);
  await page.locator("button[type=submit]").waitFor();
  await note("sign-in");
  await signIn(page, address, email, password);
  await page.getByRole("grid").waitFor();
  for (const place of PLACES) {
    if (main && !main.includes(place.name)) continue;
    await visit(page, address, place);
    await note(place.name);
  }

  async function note(name) {
    for (const one of await violations(page)) wrong.push(`axe, ${name}: ${one}`);
    const over = await overflow(page);
    if (over > 0) wrong.push(`${name}: ${over} pixels wider than the window`);
  }
}
