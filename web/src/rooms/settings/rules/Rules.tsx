import { Button } from "@mantine/core";
import { Bell } from "lucide-react";
import { useState } from "react";
import { useSession } from "@/api/session";
import { Empty } from "@/pieces/Empty";
import { List } from "@/pieces/list/List";
import type { Column } from "@/pieces/list/types";
import { OnOff } from "@/pieces/State";
import { flagName } from "@/words/nouns";
import { t } from "@/words/words";
import { useChannels } from "../channels/channel";
import styles from "../shared/settings.module.css";
import { RuleDrawer } from "./RuleDrawer";
import { RuleForm } from "./RuleForm";
import { type Row, saidOf } from "./rule";

/** Who is told of what, and when. */
export default function Rules() {
  const { can } = useSession();
  const channels = useChannels();
  const [making, setMaking] = useState(false);
  const channel = (id: string) => channels.find((one) => one.id === id)?.name ?? "?";
  const make = can("rules:write") && (
    <Button leftSection={<Bell size={15} aria-hidden />} onClick={() => setMaking(true)}>
      {t("Add a rule")}
    </Button>
  );
  return (
    <>
      <List<Row>
        noun="notification-rules"
        title={t("Notification rules")}
        path="/api/v1/notification-rules"
        columns={COLUMNS(channel)}
        facets={[{ field: "enabled", title: t("Switched on"), name: flagName }]}
        views={[{ name: t("Everything"), query: "sort=name" }]}
        rowName={(row) => row.name ?? ""}
        fields={["name", "conditions", "enabled", "mode", "digest_cron", "quiet", "channel_id"]}
        hint={t("Name of a rule")}
        actions={make}
        narrow={(row) => (
          <span className={styles.two}>
            <strong>{row.name}</strong>
            <span className="soft">{saidOf(row)}</span>
          </span>
        )}
        drawer={(open) => <RuleDrawer key={open.id} channel={channel} {...open} />}
        empty={
          <Empty title={t("No rules yet")} step={make}>
            {t(
              "A rule says which channel is told of what: only what is severe, only some assets, at once or once a day.",
            )}
          </Empty>
        }
      />
      {making && <RuleForm onClose={() => setMaking(false)} />}
    </>
  );
}

const COLUMNS = (channel: (id: string) => string): Column<Row>[] => [
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
    id: "what",
    title: t("Tells of"),
    fields: ["conditions", "mode", "digest_cron", "quiet"],
    width: 220,
    grow: 4,
    cell: (row) => <span title={saidOf(row)}>{saidOf(row)}</span>,
  },
  {
    id: "channel",
    title: t("Channel"),
    fields: ["channel_id"],
    width: 130,
    grow: 1,
    cell: (row) => channel(row.channel_id ?? ""),
  },
  {
    id: "state",
    title: t("Status"),
    fields: ["enabled"],
    width: 110,
    cell: (row) => <OnOff isOn={row.enabled === true} on={t("On")} off={t("Off")} />,
  },
];
