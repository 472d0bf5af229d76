import { Button } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { api, held } from "@/api/client";
import { problemFrom } from "@/api/problems";
import { ProblemView } from "@/pieces/ProblemView";
import { toast, toastProblem } from "@/pieces/Toasts";
import { Waiting } from "@/pieces/Waiting";
import { Used } from "@/pieces/When";
import { t, tn } from "@/words/words";
import { agentName } from "../shared/agents";
import { Card } from "../shared/Card";
import styles from "../shared/settings.module.css";

/** Where one is signed in. */
export function Sessions() {
  const client = useQueryClient();
  const found = useQuery({
    queryKey: ["me", "sessions"],
    queryFn: () => held(api.GET("/api/v1/me/sessions")),
  });
  const attempt = async (work: () => Promise<string>) => {
    try {
      toast({ said: await work() });
      await client.invalidateQueries({ queryKey: ["me", "sessions"] });
    } catch (thrown) {
      toastProblem(thrown);
    }
  };
  const end = (id: string) =>
    attempt(async () => {
      const path = { session_id: id };
      await held(api.DELETE("/api/v1/me/sessions/{session_id}", { params: { path } }));
      return t("Session ended");
    });
  const endOthers = () =>
    attempt(async () => {
      const done = await held(api.POST("/api/v1/me/sessions/end-others"));
      return tn(done.ended, "{count} session ended", "{count} sessions ended");
    });
  const sessions = found.data ?? [];
  return (
    <Card title={t("Sessions")}>
      <p className="soft">{t("Where you are signed in. End what you do not know.")}</p>
      {found.error ? (
        <ProblemView problem={problemFrom(found.error)} again={() => void found.refetch()} />
      ) : found.data ? (
        <ul className={styles.lines}>
          {sessions.map((one) => (
            <li key={one.id}>
              <span>
                <strong title={one.agent}>{agentName(one.agent)}</strong>{" "}
                <span className="soft">
                  {one.address} · <Used at={one.last_used_at} />
                </span>
              </span>
              {one.current ? (
                <span className={styles.fine}>✓ {t("this one")}</span>
              ) : (
                <Button size="xs" variant="default" onClick={() => void end(one.id)}>
                  {t("End it")}
                </Button>
              )}
            </li>
          ))}
        </ul>
      ) : (
        <Waiting />
      )}
      {sessions.length > 1 && (
        <div className={styles.row}>
          <Button variant="default" onClick={() => void endOthers()}>
            {t("End all others")}
          </Button>
        </div>
      )}
    </Card>
  );
}
