/** What the audit log says was done, and to what, in words. */
import { t } from "@/words/words";

type Names = Record<string, () => string>;

const ACTION: Names = {
  "sign-in": () => t("Signed in"),
  "sign-on": () => t("Signed in through the company"),
  "sign-out": () => t("Signed out"),
};
const SUBJECT: Names = {
  "api-key": () => t("API key"),
  asset: () => t("Asset"),
  audit: () => t("Audit log"),
  channel: () => t("Channel"),
  comment: () => t("Comment on a finding"),
  delivery: () => t("Delivery"),
  finding: () => t("Finding"),
  import: () => t("Import"),
  job: () => t("Job"),
  "notification rule": () => t("Notification rule"),
  passkey: () => t("Passkey"),
  policy: () => t("Policy"),
  report: () => t("Report"),
  retention: () => t("Old records"),
  scan: () => t("Scan"),
  schedule: () => t("Schedule"),
  secret: () => t("Secret"),
  session: () => t("Session"),
  settings: () => t("Settings"),
  "sign-on": () => t("Company sign-on"),
  "signing-key": () => t("Signing key"),
  suppression: () => t("Suppression"),
  tenant: () => t("Tenant"),
  ticket: () => t("Ticket"),
  user: () => t("Person"),
  view: () => t("View"),
};
const DEED: Names = {
  "accept-invitation": () => t("invitation accepted"),
  archive: () => t("put away"),
  assign: () => t("given to somebody"),
  begin: () => t("begun"),
  cancel: () => t("stopped"),
  change: () => t("changed"),
  "change-password": () => t("password changed"),
  "change-role": () => t("role changed"),
  checkpoint: () => t("sealed"),
  confirm: () => t("identity proved again"),
  create: () => t("made"),
  delete: () => t("deleted"),
  disable: () => t("switched off"),
  download: () => t("downloaded"),
  end: () => t("brought to an end"),
  "end-sessions": () => t("all sessions ended"),
  enter: () => t("entered"),
  expire: () => t("run out"),
  export: () => t("exported"),
  import: () => t("taken in"),
  open: () => t("opened"),
  put: () => t("stored"),
  read: () => t("read"),
  record: () => t("taken over into the findings"),
  "recovery-codes": () => t("new recovery codes"),
  redeliver: () => t("sent again"),
  refresh: () => t("asked for anew"),
  remove: () => t("deleted"),
  "replace-all": () => t("all replaced"),
  replay: () => t("used a second time"),
  "reset-password": () => t("password reset"),
  restore: () => t("brought back"),
  retire: () => t("retired"),
  retry: () => t("tried again"),
  revoke: () => t("taken back"),
  run: () => t("run now"),
  "second-factor-off": () => t("second factor switched off"),
  "second-factor-on": () => t("second factor switched on"),
  "super-admin": () => t("super-admin given or taken away"),
  test: () => t("tested"),
  triage: () => t("decided on"),
  unite: () => t("united with another"),
  update: () => t("changed"),
  verify: () => t("verified"),
};

export const subjectName = (kind: string) => SUBJECT[kind]?.() ?? kind;

/** "policy.change" is "Policy: changed". What is not known stays as it came. */
export function actionName(action: string): string {
  const known = ACTION[action];
  if (known) return known();
  const [kind = "", deed = ""] = action.split(".");
  if (!deed) return action;
  return t("{subject}: {deed}", {
    subject: subjectName(kind),
    deed: DEED[deed]?.() ?? deed,
  });
}
