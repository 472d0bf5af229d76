import { Button } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "react-router";
import { api, held } from "@/api/client";
import { problemFrom } from "@/api/problems";
import { useSession } from "@/api/session";
import { Drawer, DrawerSection, Facts } from "@/pieces/Drawer";
import type { OpenRow } from "@/pieces/list/types";
import { ProblemView } from "@/pieces/ProblemView";
import { toast, toastProblem } from "@/pieces/Toasts";
import { Waiting } from "@/pieces/Waiting";
import { When } from "@/pieces/When";
import { kindName, statusName } from "@/words/nouns";
import { t } from "@/words/words";
import { takeBack } from "./actions";
import { type Row, scopeName, sourceName, Until } from "./columns";
import styles from "./suppressions.module.css";

/** One decision, and the way back. */
export function SuppressionDrawer({ id, onClose, onPrevious, onNext }: OpenRow) {
  const found = useQuery({
    queryKey: ["suppressions", "one", id],
    queryFn: () =>
      held(
        api.GET("/api/v1/suppressions/{suppression_id}", {
          params: { path: { suppression_id: id } },
        }),
      ),
  });
  const row = found.data;
  return (
    <Drawer
      kind={t("Decision")}
      title={row?.rule ?? t("Loading…")}
      state={
        row && (
          <>
            <strong>{statusName(row.status)}</strong>
            <Until row={row} />
          </>
        )
      }
      onClose={onClose}
      onPrevious={onPrevious}
      onNext={onNext}
    >
      {found.error ? (
        <ProblemView problem={problemFrom(found.error)} again={() => void found.refetch()} />
      ) : row ? (
        <Whole row={row} />
      ) : (
        <Waiting />
      )}
    </Drawer>
  );
}

function Whole({ row }: { row: Row }) {
  const behind =
    row.scope === "asset"
      ? `/findings?suppression_id=${row.id}&sort=-score`
      : `/findings?rule=${encodeURIComponent(row.rule)}&sort=-score`;
  return (
    <>
      <DrawerSection title={t("Why")}>
        {row.justification && <p className={styles.reason}>{justified(row.justification)}</p>}
        {row.reason && <p className={styles.reason}>{row.reason}</p>}
        {!row.justification && !row.reason && <p className="soft">{t("No reason was given.")}</p>}
      </DrawerSection>
      <DrawerSection title={t("How far it goes")}>
        <Facts
          facts={[
            [t("How far"), scopeName(row.scope)],
            [
              t("Asset"),
              row.asset_id && (
                <Link to={`/assets?show=${row.asset_id}`}>{t("Open the asset")}</Link>
              ),
            ],
            [t("Component"), row.component],
            [t("Kind"), kindName(row.kind)],
            [
              t("Findings"),
              <Link key="behind" to={behind}>
                {t("See the findings")}
              </Link>,
            ],
          ]}
        />
      </DrawerSection>
      <DrawerSection title={t("Who and when")}>
        <Facts
          facts={[
            [t("Owner"), row.owner],
            [t("Said by"), sourceName(row.source)],
            [t("Decided"), <When key="made" at={row.created_at} />],
            [
              t("Expires"),
              row.expires_at ? <When key="end" at={row.expires_at} /> : t("without an end"),
            ],
            [t("Taken back"), row.revoked_at && <When at={row.revoked_at} />],
          ]}
        />
        <Back row={row} />
      </DrawerSection>
    </>
  );
}

function Back({ row }: { row: Row }) {
  const { can } = useSession();
  const client = useQueryClient();
  const [busy, setBusy] = useState(false);
  if (row.revoked_at || row.source !== "person" || !can("findings:triage")) return null;
  const anew = () =>
    Promise.all([
      client.invalidateQueries({ queryKey: ["suppressions"] }),
      client.invalidateQueries({ queryKey: ["findings"] }),
    ]);
  const back = async () => {
    setBusy(true);
    try {
      const { said, undo } = await takeBack([row.id]);
      toast({ said, ...(undo ? { undo: () => undo().then(anew) } : {}) });
      await anew();
    } catch (thrown) {
      toastProblem(thrown);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Button mt="sm" size="xs" variant="default" loading={busy} onClick={() => void back()}>
      {t("Take back")}
    </Button>
  );
}

/** OpenVEX's words in ours; others as they came. */
function justified(word: string): string {
  const names: Record<string, () => string> = {
    component_not_present: () => t("The component is not there"),
    vulnerable_code_not_present: () => t("The vulnerable code is not there"),
    vulnerable_code_not_in_execute_path: () => t("The vulnerable code is never run"),
    vulnerable_code_cannot_be_controlled_by_adversary: () =>
      t("An attacker cannot reach the vulnerable code"),
    inline_mitigations_already_exist: () => t("Something else already prevents it"),
  };
  return names[word]?.() ?? word;
}
