import { Button } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Square } from "lucide-react";
import { useState } from "react";
import { Link } from "react-router";
import { api, held } from "@/api/client";
import { problemFrom } from "@/api/problems";
import { useSession } from "@/api/session";
import { Copyable } from "@/pieces/Copyable";
import { Drawer, DrawerSection, Facts } from "@/pieces/Drawer";
import type { OpenRow } from "@/pieces/list/types";
import { ProblemView } from "@/pieces/ProblemView";
import { State } from "@/pieces/State";
import { toast, toastProblem } from "@/pieces/Toasts";
import { Waiting } from "@/pieces/Waiting";
import { When } from "@/pieces/When";
import { criticalityName, exposureName } from "@/words/nouns";
import { t } from "@/words/words";
import { Following } from "./Following";
import { ENDED, useJob } from "./following";
import { Failure, Outcome } from "./Outcome";
import { ScanLog } from "./ScanLog";
import styles from "./scans.module.css";
import { findingsOf, saidOf } from "./summaries";

/** One scan: how far it is, live, and what came of it. */
export function ScanDrawer({ id, onClose, onPrevious, onNext }: OpenRow) {
  const { can } = useSession();
  const client = useQueryClient();
  const [busy, setBusy] = useState(false);
  const found = useQuery({
    queryKey: ["scans", "one", id],
    queryFn: () => held(api.GET("/api/v1/scans/{scan_id}", { params: { path: { scan_id: id } } })),
  });
  const scan = found.data;
  const { job, lines } = useJob(can("jobs:read") ? (scan?.job_id ?? "") : "");
  const state = scan && !ENDED.has(scan.state) ? (job?.state ?? scan.state) : scan?.state;
  const said = saidOf(scan?.summary);
  const options = (scan?.options ?? {}) as Record<string, unknown>;
  const stop = async () => {
    setBusy(true);
    try {
      const path = { job_id: scan?.job_id ?? "" };
      await held(api.POST("/api/v1/jobs/{job_id}/cancel", { params: { path } }));
      toast({ said: t("The scan is being stopped") });
      await client.invalidateQueries({ queryKey: ["scans"] });
    } catch (thrown) {
      toastProblem(thrown);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Drawer
      kind={t("Scan")}
      title={scan?.target ?? t("Loading…")}
      state={state && <State value={state} />}
      onClose={onClose}
      onPrevious={onPrevious}
      onNext={onNext}
    >
      {found.error ? (
        <ProblemView problem={problemFrom(found.error)} again={() => void found.refetch()} />
      ) : !scan ? (
        <Waiting />
      ) : (
        <>
          {said ? (
            <Outcome said={said} importId={scan.import_id ?? ""} />
          ) : (
            job?.error && <Failure error={job.error as { message: string; hint: string }} />
          )}
          {said && said.assets.length > 0 && (
            <p className={styles.next}>
              <Button component={Link} to={findingsOf(said)}>
                {t("See the findings")}
              </Button>
            </p>
          )}
          <Following job={job} lines={lines} />
          <ScanLog id={id} isRunning={!ENDED.has(state ?? "")} />
          {job && !ENDED.has(job.state) && can("jobs:write") && (
            <Button
              variant="default"
              loading={busy}
              leftSection={<Square size={14} aria-hidden />}
              onClick={() => void stop()}
            >
              {t("Stop the scan")}
            </Button>
          )}
          <DrawerSection title={t("How it was asked for")}>
            <Facts
              facts={[
                [t("What is looked at"), <Copyable key="target" text={scan.target} />],
                [t("Who can reach it"), exposureName(String(options.exposure ?? "unknown"))],
                [
                  t("How much it matters"),
                  criticalityName(String(options.criticality ?? "unknown")),
                ],
                [t("Started by"), scan.actor],
                [t("Started"), <When key="at" at={scan.created_at} />],
                [t("Came to its end"), scan.ended_at && <When at={scan.ended_at} />],
                [
                  t("Import"),
                  scan.import_id && (
                    <Link to={`/imports?sort=-created_at&show=${scan.import_id}`}>
                      {t("What was taken in")}
                    </Link>
                  ),
                ],
              ]}
            />
          </DrawerSection>
        </>
      )}
    </Drawer>
  );
}
