// The buttons of a dialog stay in sight, however long it is and however small the window.
import assert from "node:assert/strict";
import { PLACES, SIZES, signIn, visit } from "../browser.mjs";

const DIALOGS = ["new-rule", "new-channel", "new-provider", "invite", "make-report", "set-aside"];

export default async function walk({ open, address, email, password }) {
  for (const size of Object.keys(SIZES)) {
    const page = await open({ size });
    await signIn(page, address, email, password);
    await page.getByRole("grid").waitFor();
    for (const place of PLACES.filter((one) => DIALOGS.includes(one.name))) {
      await visit(page, address, place);
      const does = page.locator("[role=dialog] button[type=submit]");
      await does.waitFor();
      const { y, height } = await does.boundingBox();
      const said = `${place.name}, ${size}: its button ends at ${y + height}`;
      assert.ok(y > 0 && y + height <= SIZES[size].height, said);
      const isOnTop = await does.evaluate((one) => {
        const { left, top, width, height } = one.getBoundingClientRect();
        return one.contains(document.elementFromPoint(left + width / 2, top + height / 2));
      });
      assert.ok(isOnTop, `${place.name}, ${size}: something lies over its button`);
    }
    await page.context().close();
  }
}
