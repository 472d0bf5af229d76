import { Button } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { RotateCw } from "lucide-react";
import { api, held, type Shape } from "@/api/client";
import { problemFrom } from "@/api/problems";
import { useSession } from "@/api/session";
import { Copyable } from "@/pieces/Copyable";
import { Drawer, DrawerSection, Facts } from "@/pieces/Drawer";
import { Empty } from "@/pieces/Empty";
import { List } from "@/pieces/list/List";
import type { BulkAction, Column, OpenRow } from "@/pieces/list/types";
import { ProblemView } from "@/pieces/ProblemView";
import { State } from "@/pieces/State";
import { toast } from "@/pieces/Toasts";
import { Waiting } from "@/pieces/Waiting";
import { When } from "@/pieces/When";
import { t, tn } from "@/words/words";
import { outcomeName, useChannels } from "../channels/channel";
import { useAttempt } from "../shared/Dialog";
import styles from "../shared/settings.module.css";
import { DeliveryState, matterName, stateName } from "./states";

type Row = Shape<"ListedDelivery">;

/** What went out, what waits, and what was given up. */
export default function Deliveries() {
  const { can } = useSession();
  const channels = useChannels();
  const channel = (id: string) => channels.find((one) => one.id === id)?.name ?? id;
  return (
    <List<Row>
      noun="deliveries"
      title={t("Deliveries")}
      path="/api/v1/deliveries"
      columns={COLUMNS(channel)}
      facets={[
        { field: "state", title: t("Status"), name: stateName },
        { field: "matter", title: t("About"), name: matterName },
        { field: "channel_id", title: t("Channel"), name: channel },
      ]}
      views={[
        { name: t("Everything"), query: "sort=-created_at" },
        { name: t("Given up"), query: "state=dead&sort=-created_at" },
        { name: t("On their way"), query: "state=waiting,sending,retry,held&sort=-created_at" },
      ]}
      rowName={(row) => row.title || row.key || ""}
      fields={["message", "state", "channel_id", "matter", "key"]}
      bulk={can("deliveries:retry") ? [AGAIN()] : []}
      narrow={(row) => (
        <span className={styles.two}>
          <strong>{row.title || matterName(row.matter ?? "")}</strong>
          <span>
            <DeliveryState state={row.state} /> · <When at={row.created_at} />
          </span>
        </span>
      )}
      drawer={(open) => <DeliveryDrawer key={open.id} channel={channel} {...open} />}
      empty={
        <Empty title={t("Nothing was sent yet")}>
          {t("Each message of a notification rule stands here, with every attempt.")}
        </Empty>
      }
    />
  );
}

async function redeliver(id: string): Promise<unknown> {
  const path = { delivery_id: id };
  return held(api.POST("/api/v1/deliveries/{delivery_id}/redeliver", { params: { path } }));
}

const AGAIN = (): BulkAction => ({
  id: "again",
  title: t("Send again"),
  icon: <RotateCw size={15} aria-hidden />,
  key: "r",
  run: async (selection) => {
    const ids = selection.ids ?? [];
    for (const id of ids) await redeliver(id);
    return { said: tn(ids.length, "{count} message sent again", "{count} messages sent again") };
  },
});

const COLUMNS = (channel: (id: string) => string): Column<Row>[] => [
  {
    id: "title",
    title: t("Message"),
    fields: ["message", "matter"],
    width: 220,
    grow: 3,
    cell: (row) => <strong>{row.title || matterName(row.matter ?? "")}</strong>,
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
    fields: ["state"],
    width: 150,
    cell: (row) => <DeliveryState state={row.state} />,
  },
  {
    id: "attempts",
    title: t("Attempts"),
    fields: ["attempts"],
    width: 90,
    numeric: true,
    cell: (row) => row.attempts,
  },
  {
    id: "created_at",
    title: t("When"),
    fields: ["created_at"],
    width: 130,
    sort: "created_at",
    cell: (row) => <When at={row.created_at} />,
  },
];

function DeliveryDrawer({ id, channel, ...open }: OpenRow & { channel: (id: string) => string }) {
  const { can } = useSession();
  const client = useQueryClient();
  const { busy, problem, attempt } = useAttempt();
  const found = useQuery({
    queryKey: ["deliveries", "one", id],
    queryFn: () =>
      held(api.GET("/api/v1/deliveries/{delivery_id}", { params: { path: { delivery_id: id } } })),
  });
  const one = found.data;
  const again = async () => {
    await redeliver(id);
    toast({ said: t("On its way again") });
    await client.invalidateQueries({ queryKey: ["deliveries"] });
  };
  return (
    <Drawer
      kind={t("Message")}
      title={one ? one.title || matterName(one.matter) : t("Loading…")}
      state={one && <DeliveryState state={one.state} />}
      {...open}
    >
      {found.error ? (
        <ProblemView problem={problemFrom(found.error)} again={() => void found.refetch()} />
      ) : one ? (
        <>
          <DrawerSection title={t("Details")}>
            <Facts
              facts={[
                [t("Channel"), channel(one.channel_id)],
                [t("About"), matterName(one.matter)],
                [t("Made"), <When key="c" at={one.created_at} />],
                [t("Due"), one.ended_at ? "" : <When key="d" at={one.due_at} />],
                [t("Reference"), one.reference ? <Copyable key="r" text={one.reference} /> : ""],
              ]}
            />
            {can("deliveries:retry") && (one.state === "dead" || one.state === "done") && (
              <Button size="xs" loading={busy} onClick={() => void attempt(again)}>
                {t("Send again")}
              </Button>
            )}
            {problem && <ProblemView problem={problem} />}
          </DrawerSection>
          <DrawerSection title={t("Attempts")} count={one.log?.length ?? 0}>
            <ul className={styles.lines}>
              {one.log?.map((tried) => (
                <li key={tried.at}>
                  <span>
                    <State value={tried.outcome} name={outcomeName(tried.outcome)} /> {tried.detail}
                  </span>
                  <When at={tried.at} />
                </li>
              ))}
            </ul>
          </DrawerSection>
        </>
      ) : (
        <Waiting />
      )}
    </Drawer>
  );
}
