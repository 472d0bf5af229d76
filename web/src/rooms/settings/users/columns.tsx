import type { Shape } from "@/api/client";
import type { Column, Facet, View } from "@/pieces/list/types";
import { OnOff, State } from "@/pieces/State";
import { When } from "@/pieces/When";
import { flagName } from "@/words/nouns";
import { t } from "@/words/words";
import { roleName } from "./roles";

export type Row = Shape<"ListedUser">;

export const COLUMNS = (): Column<Row>[] => [
  {
    id: "name",
    title: t("Name"),
    fields: ["name", "email"],
    width: 160,
    grow: 2,
    sort: "name",
    cell: (row) => <strong>{row.name || row.email}</strong>,
  },
  {
    id: "email",
    title: t("E-mail address"),
    fields: ["email"],
    width: 164,
    grow: 2,
    sort: "email",
    cell: (row) => row.email,
  },
  {
    id: "role",
    title: t("Role"),
    fields: ["role"],
    width: 150,
    grow: 1,
    cell: (row) => roleName(row.role ?? ""),
  },
  {
    id: "second_factor",
    title: t("Second factor"),
    fields: ["second_factor"],
    width: 130,
    cell: (row) => <SecondFactor isOn={row.second_factor === true} />,
  },
  {
    id: "last_login_at",
    title: t("Last signed in"),
    fields: ["last_login_at"],
    width: 130,
    cell: (row) => <When at={row.last_login_at} />,
  },
  {
    id: "state",
    title: t("Status"),
    fields: ["disabled"],
    width: 110,
    cell: (row) => <OnOff isOn={!row.disabled} on={t("Active")} off={t("Disabled")} />,
  },
];

export const FACETS = (): Facet[] => [
  { field: "role", title: t("Role"), name: roleName },
  { field: "disabled", title: t("Disabled"), order: ["false", "true"], name: flagName },
];

export const VIEWS = (): View[] => [
  { name: t("Everybody"), query: "sort=name" },
  { name: t("May sign in"), query: "disabled=false&sort=name" },
];

/** Whether a second factor guards the account; without one it is less safe. */
export function SecondFactor({ isOn }: { isOn: boolean }) {
  return <State value={isOn ? "on" : "partial"} name={isOn ? t("On") : t("Off")} />;
}
