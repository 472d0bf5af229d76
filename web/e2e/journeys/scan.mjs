// A scan of a folder is started, and its end is seen without a reload.
import { startScan } from "../scanning.mjs";

export default async function walk({ open, ...asked }) {
  const page = await open();
  await startScan(page, asked);
  await page.getByText("Done").first().waitFor({ timeout: 90_000 });
}
