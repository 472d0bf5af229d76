// The connection goes and comes back: the screen says so, then shows what came meanwhile.
import assert from "node:assert/strict";
import net from "node:net";
import { signIn } from "../browser.mjs";

export default async function walk({ open, address, email, password, other }) {
  const wire = await wireTo(address);
  const page = await open();
  await signIn(page, wire.address, email, password, "/findings?sort=id");
  await page.locator("[role=row][id]").first().click();
  const drawer = page.getByRole("complementary");
  await drawer.getByRole("button", { name: "Investigate" }).waitFor();
  await page.waitForTimeout(500); // the stream is asked for after the list
  const before = await page.evaluate(() => performance.timeOrigin);
  wire.cut();
  await page.getByText("Connection lost").waitFor({ timeout: 30_000 });
  // What one sees stays.
  assert.ok((await page.locator("[role=row][id]").count()) > 0);

  const elsewhere = await open();
  await signIn(elsewhere, address, other.email, other.password, "/findings?sort=id");
  await elsewhere.locator("[role=row][id]").first().click();
  await elsewhere.getByRole("complementary").getByRole("button", { name: "Investigate" }).click();
  await elsewhere.getByRole("complementary").getByText("Under investigation").first().waitFor();
  assert.equal(await drawer.getByText("Under investigation").count(), 0);

  wire.mend();
  await drawer.getByText("Under investigation").first().waitFor({ timeout: 60_000 });
  assert.equal(await page.getByText("Connection lost").count(), 0);
  assert.equal(await page.evaluate(() => performance.timeOrigin), before, "the page was reloaded");
  wire.close();
}

/** A way to the server that can be cut: what goes over it ends, and nothing new comes through. */
async function wireTo(address) {
  const { hostname, port } = new URL(address);
  const ends = new Set();
  let isCut = false;
  const wire = net.createServer((near) => {
    if (isCut) {
      near.destroy();
      return;
    }
    const far = net.connect(Number(port), hostname);
    for (const end of [near, far]) {
      ends.add(end);
      end.on("error", () => undefined);
      end.on("close", () => {
        ends.delete(end);
        near.destroy();
        far.destroy();
      });
    }
    near.pipe(far).pipe(near);
  });
  await new Promise((listening) => wire.listen(0, "127.0.0.1", listening));
  const cut = () => {
    isCut = true;
    for (const end of ends) end.destroy();
  };
  return {
    address: `http://127.0.0.1:${wire.address().port}`,
    cut,
    mend: () => {
      isCut = false;
    },
    close: () => {
      cut();
      wire.close();
    },
  };
}
