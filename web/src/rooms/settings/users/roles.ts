/** Roles and permissions in words. */
import { language, t } from "@/words/words";

type Names = Record<string, () => string>;

const ROLE: Names = {
  "super-admin": () => t("Super-admin"),
  owner: () => t("Owner of the tenant"),
  admin: () => t("Administrator"),
  analyst: () => t("Analyst"),
  viewer: () => t("Viewer"),
  agent: () => t("Agent"),
};
const SAYS: Names = {
  "super-admin": () => t("enters every tenant and makes new ones"),
  owner: () => t("everything in the tenant, also other owners"),
  admin: () => t("everything but owners and roles"),
  analyst: () => t("scans, imports, decides about findings, writes reports"),
  viewer: () => t("reads and changes nothing"),
  agent: () => t("a machine that reports and reads nothing"),
};
const RESOURCE: Names = {
  me: () => t("Own account"),
  users: () => t("People"),
  roles: () => t("Roles"),
  tenants: () => t("Tenants"),
  "api-keys": () => t("API keys"),
  sessions: () => t("Sessions of others"),
  assets: () => t("Assets"),
  components: () => t("Components"),
  scans: () => t("Scans"),
  imports: () => t("Imports"),
  findings: () => t("Findings"),
  plans: () => t("Upgrade plans"),
  suppressions: () => t("Suppressions"),
  policies: () => t("Policies"),
  gates: () => t("Gates"),
  reports: () => t("Reports"),
  schedules: () => t("Schedules"),
  channels: () => t("Channels"),
  rules: () => t("Notification rules"),
  deliveries: () => t("Deliveries"),
  tickets: () => t("Tickets"),
  views: () => t("Saved views"),
  events: () => t("Events"),
  audit: () => t("Audit log"),
  settings: () => t("Settings"),
  secrets: () => t("Names of stored secrets"),
  jobs: () => t("Jobs"),
  metrics: () => t("Metrics of the platform"),
  platform: () => t("The platform itself"),
};
const VERB: Names = {
  read: () => t("see"),
  write: () => t("change"),
  comment: () => t("comment"),
  triage: () => t("decide"),
  revoke: () => t("end"),
  retry: () => t("send again"),
  share: () => t("share"),
};

export const roleName = (role: string) => ROLE[role]?.() ?? role;
export const roleSays = (role: string) => SAYS[role]?.() ?? "";
export const resourceName = (name: string) => RESOURCE[name]?.() ?? name;
export const verbName = (name: string) => VERB[name]?.() ?? name;

/** Permissions by what they are about, by its name; of each, seeing comes first. */
export function byResource(permissions: readonly string[]): [resource: string, verbs: string[]][] {
  const found = new Map<string, string[]>();
  for (const permission of permissions) {
    const [resource = "", verb = ""] = permission.split(":");
    found.set(resource, [...(found.get(resource) ?? []), verb]);
  }
  const order = Object.keys(VERB);
  for (const verbs of found.values()) verbs.sort((a, b) => order.indexOf(a) - order.indexOf(b));
  return [...found].sort(([a], [b]) => resourceName(a).localeCompare(resourceName(b), language()));
}

/** A permission in words: "Findings: decide". */
export function permissionName(permission: string): string {
  const [resource = "", verb = ""] = permission.split(":");
  return t("{resource}: {verb}", { resource: resourceName(resource), verb: verbName(verb) });
}
