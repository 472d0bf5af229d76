import { Button } from "@mantine/core";
import { Building2 } from "lucide-react";
import { useState } from "react";
import type { Shape } from "@/api/client";
import { useSession } from "@/api/session";
import { Empty } from "@/pieces/Empty";
import { List } from "@/pieces/list/List";
import type { Column } from "@/pieces/list/types";
import { OnOff } from "@/pieces/State";
import { When } from "@/pieces/When";
import { flagName } from "@/words/nouns";
import { t } from "@/words/words";
import styles from "../shared/settings.module.css";
import { NewTenant } from "./NewTenant";
import { TenantDrawer } from "./TenantDrawer";

type Row = Shape<"ListedTenant">;

/** The companies that this platform looks after. */
export default function Tenants() {
  const { can } = useSession();
  const [making, setMaking] = useState(false);
  const make = can("tenants:write") && (
    <Button leftSection={<Building2 size={15} aria-hidden />} onClick={() => setMaking(true)}>
      {t("Add a tenant")}
    </Button>
  );
  return (
    <>
      <List<Row>
        noun="tenants"
        title={t("Tenants")}
        path="/api/v1/tenants"
        columns={COLUMNS()}
        facets={[
          {
            field: "disabled",
            title: t("Disabled"),
            order: ["false", "true"],
            name: flagName,
          },
        ]}
        views={[{ name: t("Everything"), query: "sort=name" }]}
        rowName={(row) => row.name ?? ""}
        fields={["name", "slug", "disabled"]}
        hint={t("Name of a tenant")}
        actions={make}
        narrow={(row) => (
          <span className={styles.two}>
            <strong>{row.name}</strong>
            <span className="soft">
              {row.slug}
              {row.disabled ? ` · ${t("Disabled")}` : ""}
            </span>
          </span>
        )}
        drawer={(open) => <TenantDrawer key={open.id} {...open} />}
        empty={<Empty title={t("No tenants yet")} step={make} />}
      />
      {making && <NewTenant onClose={() => setMaking(false)} />}
    </>
  );
}

const COLUMNS = (): Column<Row>[] => [
  {
    id: "name",
    title: t("Name"),
    fields: ["name"],
    width: 180,
    grow: 2,
    sort: "name",
    cell: (row) => <strong>{row.name}</strong>,
  },
  {
    id: "slug",
    title: t("Short name"),
    fields: ["slug"],
    width: 140,
    grow: 1,
    sort: "slug",
    cell: (row) => <span className="mono">{row.slug}</span>,
  },
  {
    id: "language",
    title: t("Language"),
    fields: ["language"],
    width: 100,
    cell: (row) => (row.language === "fr" ? "Français" : "English"),
  },
  {
    id: "state",
    title: t("Status"),
    fields: ["disabled"],
    width: 110,
    cell: (row) => <OnOff isOn={!row.disabled} on={t("Active")} off={t("Disabled")} />,
  },
  {
    id: "created_at",
    title: t("Here since"),
    fields: ["created_at"],
    width: 130,
    sort: "created_at",
    cell: (row) => <When at={row.created_at} />,
  },
];
