import { expect, test } from "vitest";
import { shareOf, type Tenant, worstFirst } from "./order";

function tenant(name: string, more: Partial<Tenant> = {}): Tenant {
  return {
    id: name,
    name,
    slug: name,
    role: "viewer",
    total: 0,
    by_severity: {},
    act_now: 0,
    assets: 0,
    assessed: 0,
    stale: 0,
    never: 0,
    looked_at: null,
    ...more,
  };
}

test("the worst tenant stands first", () => {
  const order = worstFirst([
    tenant("calm"),
    tenant("blind", { never: 3 }),
    tenant("high", { by_severity: { high: 9 } }),
    tenant("critical", { by_severity: { critical: 1 } }),
    tenant("urgent", { act_now: 1 }),
    tenant("also calm"),
  ]);
  expect(order.map((one) => one.name)).toEqual([
    "urgent",
    "critical",
    "high",
    "blind",
    "also calm",
    "calm",
  ]);
});

test("coverage of nothing is unknown", () => {
  expect(shareOf({ assets: 0, assessed: 0 })).toBeUndefined();
  expect(shareOf({ assets: 4, assessed: 1 })).toBe(0.25);
});
