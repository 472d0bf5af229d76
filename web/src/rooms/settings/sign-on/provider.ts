/** A provider that people sign on through: what is said to it, and what it is told by a form. */
import type { Shape } from "@/api/client";
import type { Problem } from "@/api/problems";
import { t } from "@/words/words";
import { slugOf } from "../tenants/slug";

export type Provider = Shape<"Provider">;
export type Role = Shape<"NewProvider">["roles"][string];

export const ROLES: readonly Role[] = ["owner", "admin", "analyst", "viewer"];

const CALLBACK = "/api/v1/auth/sign-on/callback";
const LOOPBACK = new Set(["localhost", "127.0.0.1", "[::1]"]);

/** Where the provider sends people back to, as far as this browser knows the platform's address. */
export const redirectHere = () => location.origin + CALLBACK;

/** The sign-in page with the buttons of a tenant's providers, at the address that sign-on needs. */
export function doorOf(tenant: string, redirect: string): string {
  const origin = URL.canParse(redirect) ? new URL(redirect).origin : location.origin;
  return `${origin}/sign-in?tenant=${encodeURIComponent(tenant)}`;
}

/** What keeps an address from being an issuer; "" when nothing does. */
export function issuerLack(issuer: string): string {
  const url = /^https?:\/\/[^/]/i.test(issuer) && URL.canParse(issuer) ? new URL(issuer) : null;
  if (url?.protocol === "https:" || (url && LOOPBACK.has(url.hostname))) return "";
  return t("It must begin with https:// and name a host.");
}

export interface Given {
  group: string;
  role: Role;
}

export function givenOf(roles: Provider["roles"]): Given[] {
  return Object.entries(roles)
    .map(([group, role]) => ({ group, role: role as Role }))
    .sort((a, b) => ROLES.indexOf(a.role) - ROLES.indexOf(b.role) || (a.group < b.group ? -1 : 1));
}

/** As the API holds it; lines without a group are left out. */
export function rolesOf(given: readonly Given[]): Record<string, Role> {
  const named = given.map((one) => [one.group.trim(), one.role] as const);
  return Object.fromEntries(named.filter(([group]) => group !== ""));
}

/** Whether this line names a group that a line before it names. */
export function isTwice(given: readonly Given[], at: number): boolean {
  const group = given[at]?.group.trim() ?? "";
  return group !== "" && given.findIndex((one) => one.group.trim() === group) < at;
}

/** Under which name the client's secret is sealed: a provider keeps the name that it got here. */
export function secretName(name: string, kept: string, chance: string): string {
  const own = /^secret:\/\/(sign-on-.+)$/.exec(kept)?.[1];
  return own ?? ["sign-on", slugOf(name).slice(0, 40), chance].filter(Boolean).join("-");
}

/** What the server says of single fields; undefined when it says something of none of these. */
export function fieldErrors(
  problem: Problem,
  fields: readonly string[],
): Record<string, string> | undefined {
  const said = problem.errors.map((one) => [one.field.split(".")[1] ?? "", one.detail] as const);
  if (said.length === 0 || said.some(([field]) => !fields.includes(field))) return undefined;
  return Object.fromEntries(said);
}
