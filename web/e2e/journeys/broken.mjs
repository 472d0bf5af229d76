// Files that are no report are refused: each says why, and what to do.
import assert from "node:assert/strict";
import { signIn } from "../browser.mjs";

const FILES = {
  "cut-off.json": '{"SchemaVersion": 2, "Results": [{"Target": "shop',
  "letter.json": '{"dear": "reader"}',
  "picture.png": "\u0089PNG not a report \u0000\u0001",
  "nothing.json": "",
};

export default async function walk({ open, address, email, password }) {
  const page = await open();
  await signIn(page, address, email, password, "/imports");
  const place = page.getByText("Drop reports here");
  await place.waitFor();
  const dropped = await page.evaluateHandle((files) => {
    const held = new DataTransfer();
    for (const [name, text] of Object.entries(files)) held.items.add(new File([text], name));
    return held;
  }, FILES);
  for (const event of ["dragenter", "dragover", "drop"]) {
    await place.dispatchEvent(event, { dataTransfer: dropped });
  }
  const handed = page.getByRole("region", { name: "Handed in just now" });
  for (const name of Object.keys(FILES)) {
    const one = handed.locator("li").filter({ hasText: name });
    await one.getByText("Failed").first().waitFor({ timeout: 60_000 });
    const said = await one.locator("p").allTextContents();
    assert.ok(said.length >= 2, `${name}: no hint beside ${JSON.stringify(said)}`);
    assert.ok(!/Traceback|Error:|undefined|\[object/.test(said.join(" ")), said.join(" "));
  }
  assert.equal(
    await page.evaluate(async () => (await (await fetch("/api/v1/findings")).json()).total),
    0,
  );
}
