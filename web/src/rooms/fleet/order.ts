import type { Shape } from "@/api/client";

export type Tenant = Shape<"FleetTenant">;
export const SHOWN = ["critical", "high", "medium", "low", "unknown"] as const;

/** The worst first: by what must be done now, then by severity, then by what nobody looked at. */
export function worstFirst(tenants: readonly Tenant[]): Tenant[] {
  const weight = (one: Tenant) => [
    one.act_now,
    ...["critical", "high"].map((severity) => one.by_severity[severity] ?? 0),
    one.never + one.stale,
  ];
  return [...tenants].sort((a, b) => {
    const other = weight(b);
    const first = weight(a).findIndex((value, at) => value !== other[at]);
    if (first < 0) return a.name.localeCompare(b.name);
    return (other[first] ?? 0) - (weight(a)[first] ?? 0);
  });
}

/** The share of assets that a complete run looked at lately; undefined when there are none:
 * that is unknown, neither all nor nothing. */
export function shareOf(tenant: Pick<Tenant, "assets" | "assessed">): number | undefined {
  return tenant.assets === 0 ? undefined : tenant.assessed / tenant.assets;
}
