import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";

const WEB = path.resolve(import.meta.dirname, "../..");

test("the client is made from docs/api/openapi.json as it stands: npm run client", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "vigie-client-"));
  try {
    const made = path.join(folder, "schema.ts");
    const tool = path.join(WEB, "node_modules/openapi-typescript/bin/cli.js");
    const from = path.join(WEB, "../docs/api/openapi.json");
    execFileSync(process.execPath, [tool, from, "-o", made], { stdio: "pipe" });
    const kept = readFileSync(path.join(WEB, "src/api/made/schema.ts"), "utf8");
    expect(readFileSync(made, "utf8") === kept, "run npm run client in web/").toBe(true);
  } finally {
    rmSync(folder, { recursive: true });
  }
}, 60_000);
