import { Button } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Play } from "lucide-react";
import { useState } from "react";
import { Link } from "react-router";
import { api, held, ifMatch, type Shape } from "@/api/client";
import { problemFrom } from "@/api/problems";
import { useSession } from "@/api/session";
import { Copyable } from "@/pieces/Copyable";
import { Drawer, DrawerSection, Facts } from "@/pieces/Drawer";
import type { OpenRow } from "@/pieces/list/types";
import { ProblemView } from "@/pieces/ProblemView";
import { State } from "@/pieces/State";
import { toast } from "@/pieces/Toasts";
import { Waiting } from "@/pieces/Waiting";
import { When } from "@/pieces/When";
import { jobName } from "@/words/nouns";
import { t } from "@/words/words";
import { cronInWords } from "../shared/cron";
import { useAttempt } from "../shared/Dialog";
import styles from "../shared/settings.module.css";
import { ScheduleForm } from "./ScheduleForm";

/** One schedule: run now, paused, changed, taken away. */
export function ScheduleDrawer({ id, ...open }: OpenRow) {
  const { can } = useSession();
  const path = { schedule_id: id };
  const found = useQuery({
    queryKey: ["schedules", "one", id],
    queryFn: () => held(api.GET("/api/v1/schedules/{schedule_id}", { params: { path } })),
  });
  const one = found.data;
  return (
    <Drawer
      kind={one ? jobName(one.kind) : t("Schedule")}
      title={one ? one.name : t("Loading…")}
      state={
        one && (
          <State value={one.enabled ? "on" : "paused"} name={one.enabled ? t("On") : t("Paused")} />
        )
      }
      {...open}
    >
      {found.error ? (
        <ProblemView problem={problemFrom(found.error)} again={() => void found.refetch()} />
      ) : one ? (
        <>
          <DrawerSection title={t("Details")}>
            <Facts
              facts={[
                [t("When"), `${cronInWords(one.cron)} (${one.time_zone})`],
                [t("Cron"), <code key="c">{one.cron}</code>],
                [
                  t("Target"),
                  one.payload?.target ? <Copyable key="t" text={String(one.payload.target)} /> : "",
                ],
                [t("Format"), String(one.payload?.format ?? "")],
                [t("Next"), one.enabled ? <When key="n" at={one.next_at} /> : ""],
                [t("Last run"), <When key="l" at={one.last_at} />],
              ]}
            />
            {one.last_job && (
              <p className={styles.wrap}>
                <Link to={`/settings/jobs?id=${one.last_job}&show=${one.last_job}`}>
                  {t("Its last job")}
                </Link>
              </p>
            )}
          </DrawerSection>
          {can("schedules:write") && <Change schedule={one} onGone={open.onClose} />}
        </>
      ) : (
        <Waiting />
      )}
    </Drawer>
  );
}

function Change({ schedule, onGone }: { schedule: Shape<"Schedule">; onGone: () => void }) {
  const client = useQueryClient();
  const [changing, setChanging] = useState(false);
  const { busy, problem, attempt } = useAttempt();
  const path = { schedule_id: schedule.id };
  const anew = async () => {
    await client.invalidateQueries({ queryKey: ["schedules"] });
    await client.invalidateQueries({ queryKey: ["jobs"] });
  };
  const enable = async (enabled: boolean, revision?: number) => {
    const body = { enabled } as Shape<"ScheduleChange">;
    const params = { path, header: ifMatch(revision) };
    await held(api.PATCH("/api/v1/schedules/{schedule_id}", { params, body }));
    await anew();
  };
  const run = async () => {
    await held(api.POST("/api/v1/schedules/{schedule_id}/run", { params: { path } }));
    toast({ said: t("{name} has been started", { name: schedule.name }) });
    await anew();
  };
  const pause = async () => {
    await enable(!schedule.enabled, schedule.revision);
    toast({
      said: schedule.enabled ? t("Paused") : t("Goes on as planned"),
      undo: () => enable(schedule.enabled),
    });
  };
  const remove = async () => {
    const params = { path, header: ifMatch(schedule.revision) };
    await held(api.DELETE("/api/v1/schedules/{schedule_id}", { params }));
    const { name, kind, payload, cron, time_zone, enabled } = schedule;
    const body = { name, kind, payload: payload ?? {}, cron, time_zone, enabled };
    toast({
      said: t("Schedule {name} deleted", { name }),
      undo: () => held(api.POST("/api/v1/schedules", { body })).then(anew),
    });
    onGone();
    await anew();
  };
  return (
    <DrawerSection title={t("Change")}>
      <div className={styles.row}>
        <Button
          size="xs"
          loading={busy}
          leftSection={<Play size={14} aria-hidden />}
          onClick={() => void attempt(run)}
        >
          {t("Run now")}
        </Button>
        <Button size="xs" variant="default" onClick={() => void attempt(pause)}>
          {schedule.enabled ? t("Pause") : t("Go on")}
        </Button>
        <Button size="xs" variant="default" onClick={() => setChanging(true)}>
          {t("Change…")}
        </Button>
        <Button size="xs" variant="default" onClick={() => void attempt(remove)}>
          {t("Delete")}
        </Button>
      </div>
      {problem && <ProblemView problem={problem} />}
      {changing && <ScheduleForm schedule={schedule} onClose={() => setChanging(false)} />}
    </DrawerSection>
  );
}
