// How journeys begin a scan and come to see it.
import { signIn } from "./browser.mjs";

/** Sign in and start a scan of this folder. */
export async function startScan(page, { address, email, password, target }) {
  await signIn(page, address, email, password, "/scans?new=1");
  await page.getByLabel("What to look at").fill(target);
  await page.getByRole("button", { name: "Start the scan" }).click();
  await page.getByText("The scan is started").waitFor();
}

/** The details of the scan that was started last. */
export async function detailsOf(page) {
  const drawer = page.getByRole("complementary");
  if ((await drawer.count()) === 0) await page.locator("[role=row][id]").first().click();
  return drawer;
}
