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
import { Meanwhile } from "./Meanwhile";
import styles from "./policies.module.css";
import { Tried } from "./Tried";
import { Versions } from "./Versions";

type Policy = Shape<"Policy">;

const OUTDATED = 412; // RFC 9110, 15.5.13: it is no longer what was read

/** A policy that is being written; without `policy` a new one. */
export function Draft({ policy }: { policy?: Policy }) {
  const { can } = useSession();
  const client = useQueryClient();
  const navigate = useNavigate();
  // What is written here changes the policy as it was opened, whatever becomes of it meanwhile.
  const [base, setBase] = useState(policy);
  const kept = base?.source ?? "";
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
      const said = problemFrom(thrown);
      setProblem(said);
      if (said.status === OUTDATED) await anew();
    } finally {
      setBusy("");
    }
  };
  const theirs =
    policy && base && (policy.revision ?? 0) > (base.revision ?? 0) ? policy : undefined;
  const takeTheirs = (now: Policy) => {
    setBase(now);
    setSource(now.source ?? "");
    setProblem(undefined);
  };
  // Nothing was written here: there is nothing to choose.
  if (theirs && source === kept && busy === "") takeTheirs(theirs);
  const keepOver = (now: Policy) =>
    attempt("keep", async () => {
      const done = await change(now, { source });
      setBase(done);
      toast({
        said: t("Policy {name} is changed", { name: done.name }),
        undo: async () => {
          takeTheirs(await change(done, { source: now.source }));
          await anew();
        },
      });
    });
  const keep = () =>
    attempt("keep", async () => {
      if (!base) {
        const made = await create(source);
        toast({
          said: t("Policy {name} is kept", { name: made.name }),
          undo: () => remove(made).then(anew),
        });
        await navigate(`/policies/${made.id}`, { replace: true });
        return;
      }
      const done = await change(base, { source });
      setBase(done);
      toast({
        said: t("Policy {name} is changed", { name: done.name }),
        undo: async () => {
          takeTheirs(await change(done, { source: kept }));
          await anew();
        },
      });
    });
  const makeDefault = () =>
    attempt("default", async () => {
      if (!base) return;
      const done = await change(base, { is_default: true });
      setBase(done);
      toast({
        said: t("Gates judge by {name} now", { name: done.name }),
        undo: async () => {
          setBase(await change(done, { is_default: false }));
          await anew();
        },
      });
    });
  const away = () =>
    attempt("away", async () => {
      if (!base) return;
      await remove(base);
      toast({
        said: t("Policy {name} is deleted", { name: base.name }),
        undo: () => create(kept, base.is_default).then(anew),
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
      {problem && !(theirs && problem.status === OUTDATED) && <ProblemView problem={problem} />}
      {theirs && source !== kept && (
        <Meanwhile
          theirs={theirs}
          busy={busy === "keep"}
          onTheirs={() => {
            const mine = source;
            takeTheirs(theirs);
            toast({ said: t("Theirs is shown"), undo: async () => setSource(mine) });
          }}
          onMine={() => void keepOver(theirs)}
        />
      )}
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
          minRows={11}
          maxRows={40}
          spellCheck={false}
          onChange={(event) => setSource(event.currentTarget.value)}
        />
        <InWords source={settled} />
      </div>
      <Tried source={settled} />
      {policy && <Versions policy={policy} />}
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
