import { Button, Group } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, held } from "@/api/client";
import { useSession } from "@/api/session";
import { DrawerSection } from "@/pieces/Drawer";
import type { Done, Selection } from "@/pieces/list/types";
import { toast, toastProblem } from "@/pieces/Toasts";
import { When } from "@/pieces/When";
import { statusName } from "@/words/nouns";
import { t } from "@/words/words";
import { bulkActions } from "./actions";
import { useAsking } from "./asking";
import type { Detail } from "./FindingDrawer";
import styles from "./findings.module.css";

/** Triage of this one finding, and the decision that holds for it. */
export function Decide({ finding }: { finding: Detail }) {
  const { can } = useSession();
  const client = useQueryClient();
  const [busy, setBusy] = useState("");
  const { ask, dialog } = useAsking();
  const selection: Selection = { ids: [finding.id ?? ""], filters: {}, q: "", count: 1 };
  const anew = () => client.invalidateQueries({ queryKey: ["findings"] });
  const tell = async (done: Done | undefined) => {
    if (!done) return;
    const { undo } = done;
    toast({ said: done.said, ...(undo ? { undo: () => undo().then(anew) } : {}) });
    await anew();
  };
  const run = async (id: string, work: () => Promise<Done | undefined>) => {
    setBusy(id);
    try {
      await tell(await work());
    } catch (thrown) {
      toastProblem(thrown);
    } finally {
      setBusy("");
    }
  };
  const { applies } = finding;
  const useful = bulkActions(ask).filter((action) => isUseful(action.id, finding.status ?? "open"));
  return (
    <DrawerSection title={t("Decide")}>
      {applies && (
        <div className={styles.applies}>
          <p>
            <strong>{statusName(applies.status)}</strong>{" "}
            {applies.owner && t("by {name}", { name: applies.owner })}{" "}
            <When at={applies.created_at} />
            {applies.expires_at && (
              <>
                {" · "}
                {t("expires")} <When at={applies.expires_at} />
              </>
            )}
          </p>
          {applies.reason && <p>{applies.reason}</p>}
          {can("findings:triage") && applies.source === "person" && (
            <Button
              size="compact-sm"
              variant="default"
              loading={busy === "back"}
              onClick={() =>
                void run("back", async () => {
                  await held(
                    api.POST("/api/v1/suppressions/revoke", {
                      body: { suppressions: [applies.id] },
                    }),
                  );
                  return { said: t("Decision taken back") };
                })
              }
            >
              {t("Take this decision back")}
            </Button>
          )}
        </div>
      )}
      {can("findings:triage") ? (
        <Group gap="xs">
          {useful.map((action) => (
            <Button
              key={action.id}
              size="xs"
              variant="default"
              leftSection={action.icon}
              loading={busy === action.id}
              disabled={busy !== "" && busy !== action.id}
              onClick={() => void run(action.id, () => action.run(selection))}
            >
              {action.title}
            </Button>
          ))}
        </Group>
      ) : (
        <p className="soft">{t("Your role may read findings, not decide about them.")}</p>
      )}
      {dialog}
    </DrawerSection>
  );
}

/** What changes nothing is not offered. */
function isUseful(action: string, status: string): boolean {
  const same: Record<string, string> = {
    investigate: "under_investigation",
    open: "open",
  };
  return same[action] !== status;
}
