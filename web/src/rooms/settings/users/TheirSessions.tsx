import { Button } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { api, held, type Shape } from "@/api/client";
import { problemFrom } from "@/api/problems";
import { useSession } from "@/api/session";
import { DrawerSection } from "@/pieces/Drawer";
import { fetchPage } from "@/pieces/list/rows";
import { ProblemView } from "@/pieces/ProblemView";
import { toast, toastProblem } from "@/pieces/Toasts";
import { Used } from "@/pieces/When";
import { t } from "@/words/words";
import { agentName } from "../shared/agents";
import styles from "../shared/settings.module.css";

/** Where somebody else is signed in. */
export function TheirSessions({ user }: { user: string }) {
  const { can } = useSession();
  const client = useQueryClient();
  const found = useQuery({
    queryKey: ["sessions", user],
    queryFn: ({ signal }) =>
      fetchPage<Shape<"ListedSession">>(
        "/api/v1/sessions",
        { user_id: user, revoked: "false", limit: "20" },
        signal,
      ),
  });
  const end = async (id: string) => {
    try {
      const path = { session_id: id };
      await held(api.DELETE("/api/v1/sessions/{session_id}", { params: { path } }));
      toast({ said: t("Session ended") });
      await client.invalidateQueries({ queryKey: ["sessions"] });
    } catch (thrown) {
      toastProblem(thrown);
    }
  };
  if (found.error) return <ProblemView problem={problemFrom(found.error)} />;
  const sessions = found.data?.items ?? [];
  return (
    <DrawerSection title={t("Sessions")} count={found.data?.total}>
      {found.data && sessions.length === 0 && <p className="soft">{t("Signed in nowhere.")}</p>}
      <ul className={styles.lines}>
        {sessions.map((one) => (
          <li key={one.id}>
            <span>
              <strong title={one.agent}>{agentName(one.agent)}</strong>{" "}
              <span className="soft">
                {one.address} · <Used at={one.last_used_at} />
              </span>
            </span>
            {can("sessions:revoke") && (
              <Button size="xs" variant="default" onClick={() => void end(one.id ?? "")}>
                {t("End it")}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </DrawerSection>
  );
}
