import { Button, Group, Select, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { api, held, ifMatch, type Shape } from "@/api/client";
import { type Problem, problemFrom } from "@/api/problems";
import { ProblemView } from "@/pieces/ProblemView";
import { toast } from "@/pieces/Toasts";
import { criticalityName, exposureName } from "@/words/nouns";
import { t } from "@/words/words";
import type { Asset } from "./AssetPage";
import styles from "./assets.module.css";
import { labelsOf, labelsSaid } from "./labels";

type Change = Shape<"AssetChange">;
type Exposure = NonNullable<Change["exposure"]>;
type Criticality = NonNullable<Change["criticality"]>;
const EXAMPLE = "env=prod, team=web";
const EXPOSURES: Exposure[] = ["open", "controlled", "small", "unknown"];
const CRITICALITIES: Criticality[] = ["high", "medium", "low", "unknown"];

function said(asset: Asset) {
  return {
    owner: asset.owner ?? "",
    exposure: asset.exposure ?? "unknown",
    criticality: asset.criticality ?? "unknown",
    labels: labelsSaid(asset.labels ?? {}),
  };
}

/** Whose it is, who can reach it, how much it matters: it weighs in what is done first. */
export function Edit({ asset }: { asset: Asset }) {
  const client = useQueryClient();
  const [form, setForm] = useState(said(asset));
  // What was read when the person began to change it: a newer one is a conflict, not overwritten.
  const [before, setBefore] = useState(asset);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const isSame = JSON.stringify(form) === JSON.stringify(said(before));
  if (isSame && before.revision !== asset.revision && !busy) {
    setBefore(asset);
    setForm(said(asset));
  }
  const send = (body: Change, revision: number | null | undefined) =>
    held(
      api.PATCH("/api/v1/assets/{asset_id}", {
        params: { path: { asset_id: asset.id ?? "" }, header: ifMatch(revision) },
        body,
      }),
    );
  const keep = (changed: Asset) => {
    client.setQueryData(["assets", "one", asset.id], changed);
    void client.invalidateQueries({ queryKey: ["assets", "list"] });
  };
  const save = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setProblem(undefined);
    try {
      const was = said(before);
      const changed = await send(bodyOf(form), before.revision);
      setBefore(changed);
      setForm(said(changed));
      keep(changed);
      toast({
        said: t("The asset is changed"),
        undo: async () => keep(await send(bodyOf(was), changed.revision)),
      });
    } catch (thrown) {
      setProblem(problemFrom(thrown));
    } finally {
      setBusy(false);
    }
  };
  const readAgain = async () => {
    const now = await held(
      api.GET("/api/v1/assets/{asset_id}", { params: { path: { asset_id: asset.id ?? "" } } }),
    );
    setBefore(now);
    setForm(said(now));
    keep(now);
    setProblem(undefined);
  };
  return (
    <section className={styles.panel}>
      <h2>{t("What it means to you")}</h2>
      <p className="soft">{t("It weighs in what Vigie tells you to do first.")}</p>
      <form className={styles.form} onSubmit={(event) => void save(event)}>
        <TextInput
          label={t("Owner")}
          placeholder={t("A team or a person")}
          maxLength={200}
          value={form.owner}
          onChange={(event) => setForm({ ...form, owner: event.currentTarget.value })}
        />
        <Select
          label={t("Who can reach it")}
          allowDeselect={false}
          data={EXPOSURES.map((value) => ({ value, label: exposureName(value) }))}
          value={form.exposure}
          onChange={(next) => next && setForm({ ...form, exposure: next as Exposure })}
        />
        <Select
          label={t("How much it matters")}
          allowDeselect={false}
          data={CRITICALITIES.map((value) => ({ value, label: criticalityName(value) }))}
          value={form.criticality}
          onChange={(next) => next && setForm({ ...form, criticality: next as Criticality })}
        />
        <TextInput
          label={t("Labels")}
          description={t("key=value, with commas between them")}
          placeholder={EXAMPLE}
          value={form.labels}
          onChange={(event) => setForm({ ...form, labels: event.currentTarget.value })}
        />
        {problem && (
          <>
            <ProblemView problem={problem} />
            {problem.status === 412 && (
              <Button size="xs" variant="default" onClick={() => void readAgain()}>
                {t("Show what it is now")}
              </Button>
            )}
          </>
        )}
        {!isSame && (
          <Group justify="flex-end">
            <Button
              variant="default"
              onClick={() => {
                setForm(said(before));
                setProblem(undefined);
              }}
            >
              {t("Cancel")}
            </Button>
            <Button type="submit" loading={busy}>
              {t("Save the change")}
            </Button>
          </Group>
        )}
      </form>
    </section>
  );
}

function bodyOf(form: ReturnType<typeof said>): Change {
  return { ...form, labels: labelsOf(form.labels) };
}
