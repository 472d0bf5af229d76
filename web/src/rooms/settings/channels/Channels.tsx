import { Button } from "@mantine/core";
import { BellPlus } from "lucide-react";
import { useState } from "react";
import { useSession } from "@/api/session";
import { Empty } from "@/pieces/Empty";
import { List } from "@/pieces/list/List";
import type { Column } from "@/pieces/list/types";
import { OnOff } from "@/pieces/State";
import { When } from "@/pieces/When";
import { flagName } from "@/words/nouns";
import { t } from "@/words/words";
import styles from "../shared/settings.module.css";
import { ChannelDrawer } from "./ChannelDrawer";
import { ChannelForm } from "./ChannelForm";
import { type Channel, useKinds } from "./channel";

/** Where messages and tickets go. */
export default function Channels() {
  const { can } = useSession();
  const kinds = useKinds();
  const [making, setMaking] = useState(false);
  const label = (kind: string) => kinds.find((one) => one.name === kind)?.label ?? kind;
  const make = can("channels:write") && (
    <Button leftSection={<BellPlus size={15} aria-hidden />} onClick={() => setMaking(true)}>
      {t("Add a channel")}
    </Button>
  );
  return (
    <>
      <List<Channel>
        noun="channels"
        title={t("Channels")}
        path="/api/v1/channels"
        columns={COLUMNS(label)}
        facets={[
          { field: "kind", title: t("Kind"), name: label },
          { field: "enabled", title: t("Switched on"), name: flagName },
        ]}
        views={[{ name: t("Everything"), query: "sort=name" }]}
        rowName={(row) => row.name ?? ""}
        fields={["name", "kind", "enabled"]}
        hint={t("Name of a channel")}
        actions={make}
        narrow={(row) => (
          <span className={styles.two}>
            <strong>{row.name}</strong>
            <span className="soft">
              {label(row.kind ?? "")}
              {row.enabled ? "" : ` · ${t("Off")}`}
            </span>
          </span>
        )}
        drawer={(open) => <ChannelDrawer key={open.id} {...open} />}
        empty={
          <Empty title={t("Nobody is told of anything yet")} step={make}>
            {t(
              "A channel is where messages go: e-mail, chat, a pager, a webhook or a ticket system.",
            )}
          </Empty>
        }
      />
      {making && <ChannelForm onClose={() => setMaking(false)} />}
    </>
  );
}

const COLUMNS = (label: (kind: string) => string): Column<Channel>[] => [
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
    id: "kind",
    title: t("Kind"),
    fields: ["kind"],
    width: 150,
    grow: 1,
    cell: (row) => label(row.kind ?? ""),
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
    fields: ["enabled"],
    width: 100,
    cell: (row) => <OnOff isOn={row.enabled === true} on={t("On")} off={t("Off")} />,
  },
  {
    id: "created_at",
    title: t("Made"),
    fields: ["created_at"],
    width: 120,
    sort: "created_at",
    cell: (row) => <When at={row.created_at} />,
  },
];
