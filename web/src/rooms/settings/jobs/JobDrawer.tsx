import { Button } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "react-router";
import { api, held, type Shape } from "@/api/client";
import { problemFrom } from "@/api/problems";
import { useSession } from "@/api/session";
import { Copyable } from "@/pieces/Copyable";
import { Drawer, DrawerSection, Facts } from "@/pieces/Drawer";
import type { OpenRow } from "@/pieces/list/types";
import { ProblemView } from "@/pieces/ProblemView";
import { toast } from "@/pieces/Toasts";
import { Waiting } from "@/pieces/Waiting";
import { When } from "@/pieces/When";
import { jobName, stageName } from "@/words/nouns";
import { t } from "@/words/words";
import { useAttempt } from "../shared/Dialog";
import styles from "../shared/settings.module.css";
import { JobState } from "./Jobs";

/** Where what a job works on is listed, by its kind. */
const MADE: Record<string, string> = { import: "/imports", scan: "/scans", report: "/reports" };

/** One job: how far it is, what went wrong, tried again or stopped. */
export function JobDrawer({ id, ...open }: OpenRow) {
  const { can } = useSession();
  const path = { job_id: id };
  const found = useQuery({
    queryKey: ["jobs", "one", id],
    queryFn: () => held(api.GET("/api/v1/jobs/{job_id}", { params: { path } })),
  });
  const job = found.data;
  const made = MADE[job?.kind ?? ""];
  const result = Object.entries(job?.result ?? {});
  return (
    <Drawer
      kind={t("Job")}
      title={job ? jobName(job.kind) : t("Loading…")}
      state={job && <JobState row={job} />}
      {...open}
    >
      {found.error ? (
        <ProblemView problem={problemFrom(found.error)} again={() => void found.refetch()} />
      ) : job ? (
        <>
          {job.error && (
            <DrawerSection title={t("What went wrong")}>
              <p className={styles.wrap}>
                <strong>{String(job.error.message ?? "")}</strong>
              </p>
              <p className="soft">{String(job.error.hint ?? "")}</p>
            </DrawerSection>
          )}
          <DrawerSection title={t("Details")}>
            <Facts
              facts={[
                [t("Stage"), stageName(job.stage)],
                [t("Asked for by"), job.actor],
                [t("Asked for"), <When key="c" at={job.created_at} />],
                [t("Begun"), job.started_at ? <When key="s" at={job.started_at} /> : ""],
                [t("Ended"), job.ended_at ? <When key="e" at={job.ended_at} /> : ""],
                [t("Attempts"), job.attempts],
                [t("Id"), <Copyable key="i" text={job.id} />],
              ]}
            />
            {made && (
              <p className={styles.wrap}>
                <Link to={`${made}?job_id=${job.id}&sort=-created_at`}>
                  {t("What it worked on")}
                </Link>
              </p>
            )}
            {can("jobs:write") && <Change job={job} />}
          </DrawerSection>
          {result.length > 0 && (
            <DrawerSection title={t("What came of it")}>
              <Copyable text={JSON.stringify(job.result, null, 2)} block />
            </DrawerSection>
          )}
        </>
      ) : (
        <Waiting />
      )}
    </Drawer>
  );
}

function Change({ job }: { job: Shape<"Job"> }) {
  const client = useQueryClient();
  const { busy, problem, attempt } = useAttempt();
  const params = { path: { job_id: job.id } };
  const anew = () => client.invalidateQueries({ queryKey: ["jobs"] });
  const retry = async () => {
    await held(api.POST("/api/v1/jobs/{job_id}/retry", { params }));
    toast({ said: t("It waits for its turn again") });
    await anew();
  };
  const stop = async () => {
    await held(api.POST("/api/v1/jobs/{job_id}/cancel", { params }));
    toast({ said: t("It is being stopped") });
    await anew();
  };
  return (
    <>
      <div className={styles.row}>
        {job.state === "failed" && (
          <Button size="xs" loading={busy} onClick={() => void attempt(retry)}>
            {t("Try it again")}
          </Button>
        )}
        {(job.state === "queued" || job.state === "running") && (
          <Button size="xs" variant="default" loading={busy} onClick={() => void attempt(stop)}>
            {t("Stop it")}
          </Button>
        )}
      </div>
      {problem && <ProblemView problem={problem} />}
    </>
  );
}
