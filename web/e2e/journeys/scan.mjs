// A scan of a folder is started, and its end is seen without a reload.
import { signIn } from "../browser.mjs";

export default async function walk({ open, address, email, password, target }) {
  const page = await open();
  await signIn(page, address, email, password, "/scans?new=1");
  await page.getByLabel("What to look at").fill(target);
  await page.getByRole("button", { name: "Start the scan" }).click();
  await page.getByText("The scan is started").waitFor();
  await page.getByText("Done").first().waitFor({ timeout: 90_000 });
}
