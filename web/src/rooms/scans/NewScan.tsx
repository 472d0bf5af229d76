import { Button, Group, Select, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { api, held, type Shape } from "@/api/client";
import { type Problem, problemFrom } from "@/api/problems";
import { Page } from "@/pieces/Page";
import { ProblemView } from "@/pieces/ProblemView";
import { toast } from "@/pieces/Toasts";
import { criticalityName, exposureName } from "@/words/nouns";
import { t } from "@/words/words";
import styles from "./scans.module.css";

type New = Shape<"NewScan">;
type Exposure = NonNullable<New["exposure"]>;
type Criticality = NonNullable<New["criticality"]>;
const EXPOSURES: Exposure[] = ["unknown", "open", "controlled", "small"];
const CRITICALITIES: Criticality[] = ["unknown", "high", "medium", "low"];
const EXAMPLE = "registry.example/shop:1.4";

/** What to look at; it starts at once, and is watched beside the list. */
export function NewScan({
  onClose,
  onStarted,
}: {
  onClose: () => void;
  onStarted: (id: string) => void;
}) {
  const client = useQueryClient();
  const [target, setTarget] = useState("");
  const [exposure, setExposure] = useState<Exposure>("unknown");
  const [criticality, setCriticality] = useState<Criticality>("unknown");
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const start = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setProblem(undefined);
    try {
      const body = { target: target.trim(), exposure, criticality, scanners: [] };
      const made = await held(api.POST("/api/v1/scans", { body }));
      await client.invalidateQueries({ queryKey: ["scans"] });
      void client.invalidateQueries({ queryKey: ["jobs"] });
      toast({ said: t("The scan is started") });
      onStarted(made.id);
    } catch (thrown) {
      setProblem(problemFrom(thrown));
      setBusy(false);
    }
  };
  return (
    <Page title={t("Start a scan")}>
      <form className={styles.new} onSubmit={(event) => void start(event)}>
        <TextInput
          label={t("What to look at")}
          description={t(
            "An image with its tag, the address of a service, or a folder of the server that it may look into.",
          )}
          placeholder={EXAMPLE}
          required
          maxLength={2000}
          data-autofocus
          autoFocus
          autoComplete="off"
          spellCheck={false}
          value={target}
          onChange={(event) => {
            setTarget(event.currentTarget.value);
            setProblem(undefined);
          }}
        />
        <Select
          label={t("Who can reach it")}
          allowDeselect={false}
          data={EXPOSURES.map((value) => ({ value, label: exposureName(value) }))}
          value={exposure}
          onChange={(next) => next && setExposure(next as Exposure)}
        />
        <Select
          label={t("How much it matters")}
          allowDeselect={false}
          data={CRITICALITIES.map((value) => ({ value, label: criticalityName(value) }))}
          value={criticality}
          onChange={(next) => next && setCriticality(next as Criticality)}
        />
        {problem && <ProblemView problem={problem} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t("Cancel")}
          </Button>
          <Button type="submit" loading={busy} disabled={!target.trim()}>
            {t("Start the scan")}
          </Button>
        </Group>
      </form>
    </Page>
  );
}
