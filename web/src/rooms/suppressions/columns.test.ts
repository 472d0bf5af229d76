import { expect, test } from "vitest";
import { type Row, standing, VIEWS } from "./columns";

const NOW = Date.parse("2026-03-01T12:00:00Z");
const row = (more: Partial<Row>) => ({ revoked_at: null, expires_at: null, ...more }) as Row;

test("a decision holds, is about to expire, or is over", () => {
  expect(standing(row({}), NOW)).toBe("holds");
  expect(standing(row({ expires_at: "2026-06-01T00:00:00Z" }), NOW)).toBe("holds");
  expect(standing(row({ expires_at: "2026-03-10T00:00:00Z" }), NOW)).toBe("soon");
  expect(standing(row({ expires_at: "2026-02-28T00:00:00Z" }), NOW)).toBe("over");
  expect(standing(row({ revoked_at: "2026-02-01T00:00:00Z" }), NOW)).toBe("over");
});

test("the view of what expires soon asks for the next fourteen days, and only what holds", () => {
  const asked = new URLSearchParams(VIEWS(NOW)[1]?.query);
  expect(asked.get("expires_at.le")).toBe("2026-03-15T00:00:00Z");
  expect(asked.get("ended")).toBe("false");
});
