import { Button } from "@mantine/core";
import { CalendarPlus } from "lucide-react";
import { useState } from "react";
import type { Shape } from "@/api/client";
import { useSession } from "@/api/session";
import { Empty } from "@/pieces/Empty";
import { List } from "@/pieces/list/List";
import type { Column } from "@/pieces/list/types";
import { State } from "@/pieces/State";
import { When } from "@/pieces/When";
import { flagName, jobName } from "@/words/nouns";
import { t } from "@/words/words";
import { cronInWords } from "../shared/cron";
import styles from "../shared/settings.module.css";
import { ScheduleDrawer } from "./ScheduleDrawer";
import { ScheduleForm } from "./ScheduleForm";

type Row = Shape<"ListedSchedule">;

/** What is done again and again. */
export default function Schedules() {
  const { can } = useSession();
  const [making, setMaking] = useState(false);
  const make = can("schedules:write") && (
    <Button leftSection={<CalendarPlus size={15} aria-hidden />} onClick={() => setMaking(true)}>
      {t("Add a schedule")}
    </Button>
  );
  return (
    <>
      <List<Row>
        noun="schedules"
        title={t("Schedules")}
        path="/api/v1/schedules"
        columns={COLUMNS()}
        facets={[
          { field: "kind", title: t("Kind"), name: jobName },
          { field: "enabled", title: t("Switched on"), name: flagName },
        ]}
        views={[{ name: t("Everything"), query: "sort=name" }]}
        rowName={(row) => row.name ?? ""}
        fields={["name", "cron", "enabled", "next_at"]}
        hint={t("Name of a schedule")}
        actions={make}
        narrow={(row) => (
          <span className={styles.two}>
            <strong>{row.name}</strong>
            <span className="soft">{row.enabled ? cronInWords(row.cron ?? "") : t("Paused")}</span>
          </span>
        )}
        drawer={(open) => <ScheduleDrawer key={open.id} {...open} />}
        empty={
          <Empty title={t("Nothing is planned yet")} step={make}>
            {t("What is scanned every night does not grow old unseen.")}
          </Empty>
        }
      />
      {making && <ScheduleForm onClose={() => setMaking(false)} />}
    </>
  );
}

const COLUMNS = (): Column<Row>[] => [
  {
    id: "name",
    title: t("Name"),
    fields: ["name"],
    width: 170,
    grow: 2,
    sort: "name",
    cell: (row) => <strong>{row.name}</strong>,
  },
  {
    id: "kind",
    title: t("Kind"),
    fields: ["kind"],
    width: 90,
    cell: (row) => jobName(row.kind ?? ""),
  },
  {
    id: "cron",
    title: t("When"),
    fields: ["cron", "time_zone"],
    width: 190,
    grow: 2,
    cell: (row) => (
      <span title={`${row.cron} · ${row.time_zone}`}>{cronInWords(row.cron ?? "")}</span>
    ),
  },
  {
    id: "next_at",
    title: t("Next"),
    fields: ["next_at", "enabled"],
    width: 130,
    cell: (row) =>
      row.enabled ? <When at={row.next_at} /> : <State value="paused" name={t("Paused")} />,
  },
  {
    id: "last_at",
    title: t("Last run"),
    fields: ["last_at"],
    width: 130,
    cell: (row) => <When at={row.last_at} />,
  },
];
