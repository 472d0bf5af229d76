import { expect, test } from "vitest";
import { exportPath } from "./Export";

test("an export asks for what the list shows, without its order and what is open", () => {
  const address = new URLSearchParams(
    "action=user.create,user.change&outcome.not=done&q=ada&sort=-id&show=4&columns=at",
  );
  const asked = new URL(exportPath("/api/v1/audit/export", address, "csv"), "http://vigie.example");
  expect(asked.pathname).toBe("/api/v1/audit/export");
  expect(Object.fromEntries(asked.searchParams)).toEqual({
    action: "user.create,user.change",
    "outcome.not": "done",
    q: "ada",
    format: "csv",
  });
});
