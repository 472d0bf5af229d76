import { Button } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "react-router";
import { api, held, ifMatch, type Shape } from "@/api/client";
import { problemFrom } from "@/api/problems";
import { useSession } from "@/api/session";
import { Drawer, DrawerSection, Facts } from "@/pieces/Drawer";
import type { OpenRow } from "@/pieces/list/types";
import { ProblemView } from "@/pieces/ProblemView";
import { OnOff } from "@/pieces/State";
import { toast, toastProblem } from "@/pieces/Toasts";
import { Waiting } from "@/pieces/Waiting";
import { When } from "@/pieces/When";
import { t } from "@/words/words";
import { cronInWords } from "../shared/cron";
import styles from "../shared/settings.module.css";
import { RuleForm } from "./RuleForm";
import { sentencesOf } from "./rule";

/** One rule: in words, changed, switched off, taken away. */
export function RuleDrawer({
  id,
  channel,
  ...open
}: OpenRow & { channel: (id: string) => string }) {
  const { can } = useSession();
  const path = { rule_id: id };
  const found = useQuery({
    queryKey: ["notification-rules", "one", id],
    queryFn: () => held(api.GET("/api/v1/notification-rules/{rule_id}", { params: { path } })),
  });
  const rule = found.data;
  return (
    <Drawer
      kind={t("Notification rule")}
      title={rule ? rule.name : t("Loading…")}
      state={rule && <OnOff isOn={rule.enabled} on={t("On")} off={t("Off")} />}
      {...open}
    >
      {found.error ? (
        <ProblemView problem={problemFrom(found.error)} again={() => void found.refetch()} />
      ) : rule ? (
        <>
          <DrawerSection title={t("Tells of")}>
            {sentencesOf(rule, channel(rule.channel_id)).map((sentence) => (
              <p key={sentence}>{sentence}</p>
            ))}
            <Facts
              facts={[
                [t("Channel"), channel(rule.channel_id)],
                [t("Time zone"), rule.time_zone],
                [t("Digest"), rule.mode === "digest" ? cronInWords(rule.digest_cron) : ""],
                [t("Made"), <When key="c" at={rule.created_at} />],
              ]}
            />
            <p className={styles.wrap}>
              <Link to={`/settings/deliveries?rule_id=${id}&sort=-created_at`}>
                {t("What it sent")}
              </Link>
            </p>
          </DrawerSection>
          {can("rules:write") && <Change rule={rule} onGone={open.onClose} />}
        </>
      ) : (
        <Waiting />
      )}
    </Drawer>
  );
}

function Change({ rule, onGone }: { rule: Shape<"NotificationRule">; onGone: () => void }) {
  const client = useQueryClient();
  const [changing, setChanging] = useState(false);
  const path = { rule_id: rule.id };
  const anew = () => client.invalidateQueries({ queryKey: ["notification-rules"] });
  const attempt = async (work: () => Promise<void>) => {
    try {
      await work();
      await anew();
    } catch (thrown) {
      toastProblem(thrown);
    }
  };
  const enable = (enabled: boolean, revision?: number) =>
    held(
      api.PATCH("/api/v1/notification-rules/{rule_id}", {
        params: { path, header: ifMatch(revision) },
        body: { enabled } as Shape<"NotificationRuleChange">,
      }),
    );
  const toggle = () =>
    attempt(async () => {
      await enable(!rule.enabled, rule.revision);
      toast({
        said: rule.enabled ? t("The rule is off") : t("The rule is on"),
        undo: () => enable(rule.enabled).then(anew),
      });
    });
  const remove = () =>
    attempt(async () => {
      const params = { path, header: ifMatch(rule.revision) };
      await held(api.DELETE("/api/v1/notification-rules/{rule_id}", { params }));
      const { id: _, created_at: __, revision: ___, ...kept } = rule;
      const { tracker: ____, ...conditions } = kept.conditions as Record<string, unknown>;
      const body = { ...kept, conditions } as unknown as Shape<"NewNotificationRule">;
      toast({
        said: t("Rule {name} deleted", { name: rule.name }),
        undo: () => held(api.POST("/api/v1/notification-rules", { body })).then(anew),
      });
      onGone();
    });
  return (
    <DrawerSection title={t("Change")}>
      <div className={styles.row}>
        <Button size="xs" variant="default" onClick={() => setChanging(true)}>
          {t("Change…")}
        </Button>
        <Button size="xs" variant="default" onClick={() => void toggle()}>
          {rule.enabled ? t("Switch off") : t("Switch on")}
        </Button>
        <Button size="xs" variant="default" onClick={() => void remove()}>
          {t("Delete")}
        </Button>
      </div>
      {changing && <RuleForm rule={rule} onClose={() => setChanging(false)} />}
    </DrawerSection>
  );
}
