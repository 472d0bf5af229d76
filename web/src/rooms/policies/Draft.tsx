import { Badge, Button, Group, Select, Textarea } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useNavigate } from "react-router";
import { api, held, type Shape } from "@/api/client";
import { type Problem, problemFrom } from "@/api/problems";
import { useSession } from "@/api/session";
import { Page } from "@/pieces/Page";
import { ProblemView } from "@/pieces/ProblemView";
import { toast } from "@/pieces/Toasts";
import { t } from "@/words/words";
import { InWords } from "./InWords";
import { change, create, remove } from "./keeping";
import styles from "./policies.module.css";
import { Tried } from "./Tried";

type Policy = Shape<"Policy">;

/** A policy that is being written; without `policy` a new one. */
export function Draft({ policy }: { policy?: Policy }) {
  const { can } = useSession();
  const client = useQueryClient();
  const navigate = useNavigate();
  const kept = policy?.source ?? "";
  const [source, setSource] = useState(kept);
  const [busy, setBusy] = useState("");
  const [problem, setProblem] = useState<Problem>();
  const [settled] = useDebouncedValue(source, 400);
  const mayWrite = can("policies:write");
  const anew = () => client.invalidateQueries({ queryKey: ["policies"] });
  const attempt = async (what: string, work: () => Promise<void>) => {
    setBusy(what);
    setProblem(undefined);
    try {
      await work();
      await anew();
    } catch (thrown) {
      setProblem(problemFrom(thrown));
    } finally {
      setBusy("");
    }
  };
  const keep = () =>
    attempt("keep", async () => {
      if (!policy) {
        const made = await create(source);
        toast({
          said: t("Policy {name} is kept", { name: made.name }),
          undo: () => remove(made).then(anew),
        });
        await navigate(`/policies/${made.id}`, { replace: true });
        return;
      }
      const done = await change(policy, { source });
      toast({
        said: t("Policy {name} is changed", { name: done.name }),
        undo: async () => {
          await change(done, { source: kept });
          setSource(kept);
          await anew();
        },
      });
    });
  const makeDefault = () =>
    attempt("default", async () => {
      if (!policy) return;
      const done = await change(policy, { is_default: true });
      toast({
        said: t("Gates judge by {name} now", { name: done.name }),
        undo: () => change(done, { is_default: false }).then(anew),
      });
    });
  const away = () =>
    attempt("away", async () => {
      if (!policy) return;
      await remove(policy);
      toast({
        said: t("Policy {name} is deleted", { name: policy.name }),
        undo: () => create(kept, policy.is_default).then(anew),
      });
      await navigate("/policies", { replace: true });
    });
  return (
    <Page
      title={policy?.name ?? t("New policy")}
      aside={
        policy?.is_default && (
          <Badge size="sm" variant="default">
            {t("Default")}
          </Badge>
        )
      }
      actions={
        mayWrite && (
          <>
            {policy && !policy.is_default && (
              <Button
                variant="default"
                loading={busy === "default"}
                onClick={() => void makeDefault()}
              >
                {t("Make it the default")}
              </Button>
            )}
            {policy && (
              <Button variant="default" loading={busy === "away"} onClick={() => void away()}>
                {t("Delete")}
              </Button>
            )}
            <Button
              loading={busy === "keep"}
              disabled={!source.trim() || source === kept}
              onClick={() => void keep()}
            >
              {policy ? t("Keep the changes") : t("Keep the policy")}
            </Button>
          </>
        )
      }
    >
      {problem && <ProblemView problem={problem} />}
      {mayWrite && !policy && <Begin onSource={setSource} />}
      <div className={styles.sides}>
        <Textarea
          className={styles.source ?? ""}
          label={t("The policy, as YAML")}
          description={t(
            "The name in it is the policy's name. A rule blocks when all of its conditions hold.",
          )}
          value={source}
          readOnly={!mayWrite}
          autosize
          minRows={10}
          maxRows={40}
          spellCheck={false}
          onChange={(event) => setSource(event.currentTarget.value)}
        />
        <InWords source={settled} />
      </div>
      <Tried source={settled} />
    </Page>
  );
}

/** Something to begin from: the ready-made policies, under a name of one's own. */
function Begin({ onSource }: { onSource: (source: string) => void }) {
  const [chosen, setChosen] = useState<string | null>(null);
  const known = useQuery({
    queryKey: ["policies", "ready-made"],
    queryFn: () => held(api.GET("/api/v1/policies/ready-made")),
    staleTime: Number.POSITIVE_INFINITY,
  });
  return (
    <Group className={styles.begin ?? ""}>
      <Select
        label={t("Begin from a ready-made one")}
        placeholder={t("Choose…")}
        data={(known.data ?? []).map((one) => one.name)}
        value={chosen}
        onChange={(name) => {
          setChosen(name);
          const found = known.data?.find((one) => one.name === name);
          if (found) onSource(found.source.replace(/^name: .*$/m, `name: our-${found.name}`));
        }}
      />
    </Group>
  );
}
