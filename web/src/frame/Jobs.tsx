import { Button, Popover, Progress } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { LoaderCircle } from "lucide-react";
import type { Shape } from "@/api/client";
import { useSession } from "@/api/session";
import { Copyable } from "@/pieces/Copyable";
import { fetchPage } from "@/pieces/list/rows";
import { State } from "@/pieces/State";
import { When } from "@/pieces/When";
import { jobName } from "@/words/nouns";
import { t, tn } from "@/words/words";
import styles from "./Shell.module.css";

type Job = Shape<"ListedJob">;

/** What runs now; nothing is shown while nothing does. */
export function Jobs() {
  const { can } = useSession();
  const found = useQuery({
    queryKey: ["jobs", "running"],
    queryFn: ({ signal }) =>
      fetchPage<Job>("/api/v1/jobs", { state: "queued,running", limit: "20" }, signal),
    enabled: can("jobs:read"),
    refetchInterval: (query) => (query.state.data?.total ? 3_000 : 60_000),
  });
  const total = found.data?.total ?? 0;
  if (total === 0) return null;
  return (
    <Popover position="bottom-end" withArrow trapFocus>
      <Popover.Target>
        <Button
          size="compact-sm"
          variant="subtle"
          leftSection={<LoaderCircle size={15} aria-hidden />}
        >
          {tn(total, "{count} job", "{count} jobs")}
        </Button>
      </Popover.Target>
      <Popover.Dropdown p={0}>
        <ul className={styles.jobs} aria-label={t("Running jobs")}>
          {found.data?.items.map((job) => (
            <li key={job.id}>
              <strong>{jobName(job.kind ?? "")}</strong> <State value={job.state} />{" "}
              <When at={job.started_at ?? job.created_at} />
              {typeof job.progress === "number" && (
                <Progress value={job.progress * 100} size="sm" mt={4} aria-label={t("Progress")} />
              )}
              <Copyable text={job.id ?? ""} most={20} />
            </li>
          ))}
        </ul>
      </Popover.Dropdown>
    </Popover>
  );
}
