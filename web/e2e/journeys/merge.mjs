// A Trivy and a Grype report of one image are dropped on the page, and their findings become one.
import assert from "node:assert/strict";
import { signIn } from "../browser.mjs";

export default async function walk({ open, address, email, password, reports }) {
  const page = await open();
  await signIn(page, address, email, password, "/imports");
  await page.getByText("Drop reports here").waitFor();
  const dropped = await page.evaluateHandle((files) => {
    const held = new DataTransfer();
    for (const [name, text] of Object.entries(files)) {
      held.items.add(new File([text], name, { type: "application/json" }));
    }
    return held;
  }, reports);
  const place = page.getByText("Drop reports here");
  for (const event of ["dragenter", "dragover", "drop"]) {
    await place.dispatchEvent(event, { dataTransfer: dropped });
  }
  for (const name of Object.keys(reports)) {
    const row = page.locator("[role=row][id]").filter({ hasText: name });
    await row.getByText("Done").waitFor({ timeout: 60_000 });
  }
  await page.getByText(/were merged/).waitFor();
  await page.getByRole("link", { name: "See the one finding" }).click();
  await page.getByRole("heading", { name: "Findings", level: 1 }).waitFor();
  await page.goto(`${address}/findings`);
  await page.locator("[role=row][id]").filter({ hasText: "CVE-2025-1001" }).waitFor();
  assert.equal(await page.locator("[role=row][id]").count(), 1, "two reports, one finding");
  await page.locator("[role=row][id]").first().click();
  const said = page.getByRole("complementary");
  await said
    .getByText(/grype, trivy|trivy, grype/)
    .first()
    .waitFor();
}
