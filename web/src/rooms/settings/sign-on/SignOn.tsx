import { Button } from "@mantine/core";
import { Building } from "lucide-react";
import { useState } from "react";
import { useSearchParams } from "react-router";
import type { Shape } from "@/api/client";
import { useSession } from "@/api/session";
import { Empty } from "@/pieces/Empty";
import { List } from "@/pieces/list/List";
import type { Column } from "@/pieces/list/types";
import { OnOff } from "@/pieces/State";
import { flagName } from "@/words/nouns";
import { t, tn } from "@/words/words";
import styles from "../shared/settings.module.css";
import { roleName } from "../users/roles";
import { AtProvider } from "./AtProvider";
import { ProviderDrawer } from "./ProviderDrawer";
import { ProviderForm } from "./ProviderForm";
import { redirectHere } from "./provider";

type Row = Shape<"ListedProvider">;

/** The providers that people of the tenant sign on through. */
export default function SignOn() {
  const { can } = useSession();
  const [address, setAddress] = useSearchParams();
  const [making, setMaking] = useState(false);
  const make = can("settings:write") && (
    <Button leftSection={<Building size={15} aria-hidden />} onClick={() => setMaking(true)}>
      {t("Add a provider")}
    </Button>
  );
  const show = (id: string) => {
    const next = new URLSearchParams(address);
    next.set("show", id);
    setAddress(next);
  };
  return (
    <>
      <List<Row>
        noun="sign-on"
        title={t("Single sign-on")}
        path="/api/v1/sign-on"
        columns={COLUMNS()}
        facets={[{ field: "enabled", title: t("Switched on"), name: flagName }]}
        views={[{ name: t("Everything"), query: "sort=name" }]}
        rowName={(row) => row.name}
        fields={["name", "issuer", "enabled"]}
        hint={t("Name of a provider")}
        actions={make}
        narrow={(row) => (
          <span className={styles.two}>
            <strong>{row.name}</strong>
            <span className="soft">{row.enabled ? row.issuer : t("Off")}</span>
          </span>
        )}
        drawer={(open) => <ProviderDrawer key={open.id} {...open} />}
        empty={
          <Empty title={t("Let people in with their company's account")} step={make}>
            <p>
              {t(
                "Through Keycloak, Entra, Okta, JumpCloud or any other provider that speaks OpenID Connect people come in without a password of their own here, in the role of their groups.",
              )}
            </p>
            <AtProvider redirect={redirectHere()} />
          </Empty>
        }
      />
      {making && <ProviderForm onClose={() => setMaking(false)} onMade={show} />}
    </>
  );
}

const COLUMNS = (): Column<Row>[] => [
  {
    id: "name",
    title: t("Name"),
    fields: ["name"],
    width: 160,
    grow: 1,
    sort: "name",
    cell: (row) => <strong>{row.name}</strong>,
  },
  {
    id: "issuer",
    title: t("Issuer"),
    fields: ["issuer"],
    width: 240,
    grow: 3,
    cell: (row) => <span title={row.issuer}>{row.issuer}</span>,
  },
  {
    id: "roles",
    title: t("Groups"),
    fields: ["document"],
    width: 110,
    cell: (row) => {
      const count = Object.keys(row.roles).length;
      return tn(count, "{count} group", "{count} groups");
    },
  },
  {
    id: "default_role",
    title: t("Everybody else"),
    fields: ["document"],
    width: 150,
    grow: 1,
    cell: (row) => (row.default_role ? roleName(row.default_role) : t("is not let in")),
  },
  {
    id: "state",
    title: t("Status"),
    fields: ["enabled"],
    width: 110,
    cell: (row) => <OnOff isOn={row.enabled} on={t("On")} off={t("Off")} />,
  },
];
