import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import { api, held } from "@/api/client";
import { problemFrom } from "@/api/problems";
import { useSession } from "@/api/session";
import { Drawer, DrawerSection, Facts } from "@/pieces/Drawer";
import type { OpenRow } from "@/pieces/list/types";
import { ProblemView } from "@/pieces/ProblemView";
import { State } from "@/pieces/State";
import { Waiting } from "@/pieces/Waiting";
import { When } from "@/pieces/When";
import { t } from "@/words/words";
import { Following } from "./Following";
import { ENDED, useJob } from "./following";
import { Outcome } from "./Outcome";
import styles from "./scans.module.css";
import { findingsOf, saidOf } from "./summaries";

/** One report that was handed in, and what came of it. */
export function ImportDrawer({ id, onClose, onPrevious, onNext }: OpenRow) {
  const { can } = useSession();
  const found = useQuery({
    queryKey: ["imports", "one", id],
    queryFn: () =>
      held(api.GET("/api/v1/imports/{import_id}", { params: { path: { import_id: id } } })),
  });
  const row = found.data;
  const isOver = row ? ENDED.has(row.state) : true;
  const { job, lines } = useJob(!isOver && can("jobs:read") ? (row?.job_id ?? "") : "");
  const said = saidOf(row?.summary);
  return (
    <Drawer
      kind={t("Import")}
      title={row?.name ?? t("Loading…")}
      state={row && <State value={isOver ? row.state : (job?.state ?? row.state)} />}
      onClose={onClose}
      onPrevious={onPrevious}
      onNext={onNext}
    >
      {found.error ? (
        <ProblemView problem={problemFrom(found.error)} again={() => void found.refetch()} />
      ) : !row ? (
        <Waiting />
      ) : (
        <>
          {said && <Outcome said={said} importId={id} />}
          {said && said.assets.length > 0 && (
            <p className={styles.next}>
              <Button component={Link} to={findingsOf(said)}>
                {t("See the findings")}
              </Button>
            </p>
          )}
          <Following job={job} lines={lines} />
          <DrawerSection title={t("How it came")}>
            <Facts
              facts={[
                [t("Recognised as"), row.format],
                [t("Asset"), row.asset],
                [t("Handed in by"), row.actor],
                [t("Handed in"), <When key="at" at={row.created_at} />],
                [t("Came to its end"), row.ended_at && <When at={row.ended_at} />],
              ]}
            />
          </DrawerSection>
        </>
      )}
    </Drawer>
  );
}
