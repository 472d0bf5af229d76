import { Button, Popover } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Activity, TriangleAlert } from "lucide-react";
import type { Shape } from "@/api/client";
import { vigieFetch } from "@/api/client";
import { State } from "@/pieces/State";
import { t } from "@/words/words";
import styles from "../shared/settings.module.css";

const PARTS: Record<string, () => string> = {
  database: () => t("Database"),
  schema: () => t("Tables of the database"),
  queue: () => t("Queue of the jobs"),
  cache: () => t("Cache"),
};

/** Whether every part of the platform answers; asked anew every quarter of a minute. */
export function Health() {
  const found = useQuery({
    queryKey: ["ready"],
    queryFn: async () => {
      // 503 is an answer as well: it says which part is missing.
      const answer = await vigieFetch(new Request(new URL("/ready", location.origin)));
      return (await answer.json()) as Shape<"Readiness">;
    },
    refetchInterval: 15_000,
    retry: false,
  });
  const parts = Object.entries(found.data?.parts ?? {});
  const ready = found.data?.ready === true;
  const Icon = ready ? Activity : TriangleAlert;
  return (
    <Popover position="bottom-end" withArrow>
      <Popover.Target>
        <Button
          variant="default"
          leftSection={<Icon size={15} aria-hidden className={ready ? styles.fine : styles.bad} />}
        >
          {found.isPending
            ? t("Health")
            : ready
              ? t("Every part answers")
              : t("A part does not answer")}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <ul className={styles.lines}>
          {parts.map(([name, answers]) => (
            <li key={name}>
              <span>{PARTS[name]?.() ?? name}</span>
              <State
                value={answers ? "on" : "failed"}
                name={answers ? t("answers") : t("does not answer")}
              />
            </li>
          ))}
        </ul>
      </Popover.Dropdown>
    </Popover>
  );
}
