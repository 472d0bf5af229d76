import { Button } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, held, ifMatch, type Shape } from "@/api/client";
import { problemFrom } from "@/api/problems";
import { useSession } from "@/api/session";
import { ProblemView } from "@/pieces/ProblemView";
import { toast, toastProblem } from "@/pieces/Toasts";
import { Waiting } from "@/pieces/Waiting";
import { When } from "@/pieces/When";
import { t } from "@/words/words";
import { differing } from "./differing";
import styles from "./policies.module.css";

type Policy = Shape<"Policy">;
type Version = Shape<"PolicyVersion">;

/** What the policy said before, what that changes, and the way back to it. */
export function Versions({ policy }: { policy: Policy }) {
  const { can } = useSession();
  const client = useQueryClient();
  const [shown, setShown] = useState<number>();
  const [busy, setBusy] = useState(0);
  const found = useQuery({
    queryKey: ["policies", "versions", policy.id, policy.version],
    queryFn: () =>
      held(
        api.GET("/api/v1/policies/{policy_id}/versions", {
          params: { path: { policy_id: policy.id } },
        }),
      ),
  });
  const anew = () => client.invalidateQueries({ queryKey: ["policies"] });
  const bringBack = async (version: number) => {
    setBusy(version);
    try {
      const done = await restore(policy, version);
      toast({
        said: t("The policy says again what it said in version {version}", { version }),
        undo: () => restore(done, policy.version ?? 1).then(anew),
      });
      setShown(undefined);
    } catch (thrown) {
      toastProblem(thrown);
    }
    await anew();
    setBusy(0);
  };
  if (found.error) {
    return <ProblemView problem={problemFrom(found.error)} again={() => void found.refetch()} />;
  }
  if (!found.data?.length) return null;
  return (
    <section className={styles.tried}>
      <h2>{t("Versions")}</h2>
      <ol className={styles.versions}>
        {found.data.map((one) => (
          <li key={one.version}>
            <span>
              <strong>{t("Version {version}", { version: one.version })}</strong>{" "}
              {one.version === policy.version && `· ${t("holds now")} `}
              <span className="soft">
                {one.actor && `${one.actor} · `}
                <When at={one.at} />
                {one.restored && ` · ${t("as version {version}", { version: one.restored })}`}
              </span>
            </span>
            {one.version !== policy.version && (
              <Button
                size="compact-sm"
                variant="subtle"
                aria-expanded={shown === one.version}
                onClick={() => setShown(shown === one.version ? undefined : one.version)}
              >
                {t("Compare with now")}
              </Button>
            )}
            {one.version !== policy.version && can("policies:write") && (
              <Button
                size="compact-sm"
                variant="subtle"
                loading={busy === one.version}
                onClick={() => void bringBack(one.version)}
              >
                {t("Bring this one back")}
              </Button>
            )}
            {shown === one.version && <Difference policy={policy} version={one} />}
          </li>
        ))}
      </ol>
    </section>
  );
}

function restore(policy: Policy, version: number): Promise<Policy> {
  const path = { policy_id: policy.id, version };
  const params = { path, header: ifMatch(policy.revision) };
  return held(api.POST("/api/v1/policies/{policy_id}/versions/{version}/restore", { params }));
}

/** From that version to what holds now. */
function Difference({ policy, version }: { policy: Policy; version: Version }) {
  const path = { policy_id: policy.id, version: version.version };
  const found = useQuery({
    queryKey: ["policies", "version", policy.id, version.version],
    queryFn: () =>
      held(api.GET("/api/v1/policies/{policy_id}/versions/{version}", { params: { path } })),
    staleTime: Number.POSITIVE_INFINITY, // what it said then never changes
  });
  if (found.error) {
    return <ProblemView problem={problemFrom(found.error)} again={() => void found.refetch()} />;
  }
  if (!found.data) return <Waiting />;
  const pieces = differing(found.data.source, policy.source ?? "");
  return (
    <section
      className={styles.difference}
      tabIndex={0}
      aria-label={t("From version {version} to now", { version: version.version })}
    >
      {pieces.map(({ sign, line }, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the lines of a text have no other name
        <code key={at} data-sign={sign.trim() || undefined}>
          {`${sign} ${line}\n`}
        </code>
      ))}
    </section>
  );
}
