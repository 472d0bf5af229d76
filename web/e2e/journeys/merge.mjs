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
  await numbersLeadToTheirRows(page, address);
}

/** What an import counts, it shows: the first of the two is new, and nothing was fixed. */
async function numbersLeadToTheirRows(page, address) {
  await page.goto(`${address}/imports?sort=-created_at`);
  const first = page.locator("[role=row][id]").filter({ hasText: "1 new" });
  await first.getByRole("link", { name: "1 new" }).click();
  await page.getByRole("heading", { name: "Findings", level: 1 }).waitFor();
  await page.locator("[role=row][id]").filter({ hasText: "CVE-2025-1001" }).waitFor();
  assert.equal(await page.getByRole("complementary").count(), 0, "the row stays shut");
  await page.goBack();
  await first.getByText("Done").click();
  await page.getByRole("complementary").getByRole("link", { name: "0 fixed" }).click();
  await page.getByText("Nothing matches this filter").waitFor();
}
