import { Button } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Send } from "lucide-react";
import { useState } from "react";
import { Link } from "react-router";
import { api, held, ifMatch, type Shape } from "@/api/client";
import { problemFrom } from "@/api/problems";
import { useSession } from "@/api/session";
import { Drawer, DrawerSection, Facts } from "@/pieces/Drawer";
import type { OpenRow } from "@/pieces/list/types";
import { ProblemView } from "@/pieces/ProblemView";
import { OnOff, State } from "@/pieces/State";
import { toast, toastProblem } from "@/pieces/Toasts";
import { Waiting } from "@/pieces/Waiting";
import { When } from "@/pieces/When";
import { t } from "@/words/words";
import { Dialog, useAttempt } from "../shared/Dialog";
import styles from "../shared/settings.module.css";
import { ChannelForm } from "./ChannelForm";
import { outcomeName, useKinds } from "./channel";

/** One channel: tested, changed, switched off, taken away. */
export function ChannelDrawer({ id, ...open }: OpenRow) {
  const { can } = useSession();
  const kinds = useKinds();
  const path = { channel_id: id };
  const found = useQuery({
    queryKey: ["channels", "one", id],
    queryFn: () => held(api.GET("/api/v1/channels/{channel_id}", { params: { path } })),
  });
  const channel = found.data;
  const kind = kinds.find((one) => one.name === channel?.kind);
  const told = Object.entries(channel?.settings ?? {}).map(([name, value]): [string, string] => {
    const field = kind?.fields.find((one) => one.name === name);
    return [field?.label ?? name, field?.secret ? t("kept sealed") : value];
  });
  return (
    <Drawer
      kind={kind?.label ?? t("Channel")}
      title={channel ? channel.name : t("Loading…")}
      state={channel && <OnOff isOn={channel.enabled} on={t("On")} off={t("Off")} />}
      {...open}
    >
      {found.error ? (
        <ProblemView problem={problemFrom(found.error)} again={() => void found.refetch()} />
      ) : channel ? (
        <>
          {can("channels:write") && <Test id={id} />}
          <DrawerSection title={t("Details")}>
            <Facts facts={[...told, [t("Made"), <When key="c" at={channel.created_at} />]]} />
            <p className={styles.wrap}>
              <Link to={`/settings/deliveries?channel_id=${id}&sort=-created_at`}>
                {t("What was sent over it")}
              </Link>
            </p>
          </DrawerSection>
          {can("channels:write") && <Change channel={channel} onGone={open.onClose} />}
        </>
      ) : (
        <Waiting />
      )}
    </Drawer>
  );
}

function Test({ id }: { id: string }) {
  const [came, setCame] = useState<Shape<"Tried">>();
  const { busy, problem, attempt } = useAttempt();
  const test = async () => {
    setCame(undefined);
    const path = { channel_id: id };
    setCame(await held(api.POST("/api/v1/channels/{channel_id}/test", { params: { path } })));
  };
  return (
    <DrawerSection title={t("Test")}>
      <p className="soft">
        {t("Sends a message now. A ticket system is only asked whether it answers.")}
      </p>
      <Button
        size="xs"
        loading={busy}
        leftSection={<Send size={14} aria-hidden />}
        onClick={() => void attempt(test)}
      >
        {t("Send a test message")}
      </Button>
      <div role="status">
        {came && (
          <p>
            <State
              value={came.outcome === "done" ? "done" : "failed"}
              name={outcomeName(came.outcome)}
            />{" "}
            {came.detail}
          </p>
        )}
      </div>
      {problem && <ProblemView problem={problem} />}
    </DrawerSection>
  );
}

function Change({ channel, onGone }: { channel: Shape<"Channel">; onGone: () => void }) {
  const client = useQueryClient();
  const [asking, setAsking] = useState<"change" | "remove">();
  const path = { channel_id: channel.id };
  const anew = () => client.invalidateQueries({ queryKey: ["channels"] });
  const enable = async (enabled: boolean, revision?: number) => {
    const params = { path, header: ifMatch(revision) };
    await held(api.PATCH("/api/v1/channels/{channel_id}", { params, body: { enabled } }));
    await anew();
  };
  const toggle = async () => {
    try {
      await enable(!channel.enabled, channel.revision);
      toast({
        said: channel.enabled ? t("Switched off; nothing is sent over it") : t("Switched on"),
        undo: () => enable(channel.enabled),
      });
    } catch (thrown) {
      toastProblem(thrown);
    }
  };
  const remove = async () => {
    const params = { path, header: ifMatch(channel.revision) };
    await held(api.DELETE("/api/v1/channels/{channel_id}", { params }));
    toast({ said: t("Channel {name} deleted", { name: channel.name }) });
    onGone();
    await anew();
  };
  return (
    <DrawerSection title={t("Change")}>
      <div className={styles.row}>
        <Button size="xs" variant="default" onClick={() => setAsking("change")}>
          {t("Change…")}
        </Button>
        <Button size="xs" variant="default" onClick={() => void toggle()}>
          {channel.enabled ? t("Switch off") : t("Switch on")}
        </Button>
        <Button size="xs" variant="default" onClick={() => setAsking("remove")}>
          {t("Delete…")}
        </Button>
      </div>
      {asking === "change" && (
        <ChannelForm channel={channel} onClose={() => setAsking(undefined)} />
      )}
      {asking === "remove" && (
        <Dialog
          title={t("Delete the channel {name}", { name: channel.name })}
          does={t("Delete")}
          isGrave
          onDo={remove}
          onClose={() => setAsking(undefined)}
        >
          <p>{t("The record of what was sent over it goes with it.")}</p>
        </Dialog>
      )}
    </DrawerSection>
  );
}
