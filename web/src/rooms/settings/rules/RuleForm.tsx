import { Checkbox, MultiSelect, Radio, Select, Textarea, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, held, ifMatch, type Shape } from "@/api/client";
import { problemFrom } from "@/api/problems";
import { toast } from "@/pieces/Toasts";
import { kindName, SEVERITIES, severityName } from "@/words/nouns";
import { t } from "@/words/words";
import { useChannels } from "../channels/channel";
import { cronInWords } from "../shared/cron";
import { Dialog } from "../shared/Dialog";
import styles from "../shared/settings.module.css";
import { ChosenAssets } from "./ChosenAssets";
import { lacking, type Quiet } from "./hours";
import { QuietHours } from "./QuietHours";
import {
  type Conditions,
  EVENT_NAMES,
  eventName,
  labelsOf,
  labelsText,
  type Row,
  saidOf,
  sentencesOf,
} from "./rule";
import { Spans } from "./Spans";

const KINDS = ["vulnerability", "weakness", "misconfiguration", "secret", "licence", "detection"];
const USUAL: Conditions = { events: ["finding.new", "finding.reopened"], severity: "high" };

/** Which channel is told of what, and when. */
export function RuleForm({
  rule,
  onClose,
}: {
  rule?: Shape<"NotificationRule">;
  onClose: () => void;
}) {
  const client = useQueryClient();
  const channels = useChannels();
  const [name, setName] = useState(rule?.name ?? "");
  const [channel, setChannel] = useState(rule?.channel_id ?? "");
  const [when, setWhen] = useState<Conditions>((rule?.conditions as Conditions) ?? USUAL);
  const [labels, setLabels] = useState(labelsText(when.labels as Record<string, string[]>));
  const [mode, setMode] = useState<"now" | "digest">(rule?.mode === "digest" ? "digest" : "now");
  const [quiet, setQuiet] = useState((rule?.quiet ?? null) as Quiet | null);
  const [cron, setCron] = useState(rule?.digest_cron || "0 8 * * MON-FRI");
  // What is changed here is the rule as it was opened, whatever becomes of it meanwhile.
  const [base, setBase] = useState(rule);
  const [theirs, setTheirs] = useState("");
  const lack = lacking([...(when.hours ?? []), ...(quiet?.hours ?? [])]);
  const set = (next: Conditions) => setWhen({ ...when, ...next });
  const lookAgain = async (id: string) => {
    const path = { rule_id: id };
    const now = await held(api.GET("/api/v1/notification-rules/{rule_id}", { params: { path } }));
    setBase(now);
    setTheirs(`${now.name}: ${saidOf(now)}`);
  };
  const save = async () => {
    // The API answers with what it worked out besides; only what it takes goes back.
    const { tracker: _, ...asked } = when as Conditions & { tracker?: boolean };
    const body = {
      name,
      channel_id: channel,
      mode,
      digest_cron: mode === "digest" ? cron : "",
      conditions: { ...asked, labels: labelsOf(labels) } as Shape<"RuleConditions">,
      quiet,
    };
    if (base) {
      const params = { path: { rule_id: base.id }, header: ifMatch(base.revision) };
      try {
        await held(api.PATCH("/api/v1/notification-rules/{rule_id}", { params, body }));
      } catch (thrown) {
        if (problemFrom(thrown).status === 412) await lookAgain(base.id);
        throw thrown;
      }
    } else {
      const made = { ...body, enabled: true } as Shape<"NewNotificationRule">;
      await held(api.POST("/api/v1/notification-rules", { body: made }));
    }
    toast({ said: rule ? t("Saved") : t("Rule added; it holds from now on") });
    onClose();
    await client.invalidateQueries({ queryKey: ["notification-rules"] });
  };
  return (
    <Dialog
      title={rule ? t("Change the rule") : t("Add a rule")}
      does={rule ? t("Save") : t("Add the rule")}
      disabled={(when.events ?? []).length === 0 || lack !== ""}
      size="lg"
      onDo={save}
      onClose={onClose}
    >
      <TextInput
        label={t("Name")}
        required
        data-autofocus
        maxLength={200}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <Select
        label={t("Who is told")}
        description={t("Without a choice: the channel of the tenant's settings.")}
        value={channel || null}
        clearable
        data={channels.map((one) => ({ value: one.id ?? "", label: one.name ?? "" }))}
        onChange={(next) => setChannel(next ?? "")}
      />
      <MultiSelect
        label={t("Of what")}
        value={when.events ?? []}
        data={EVENT_NAMES.map((one) => ({ value: one, label: eventName(one) }))}
        onChange={(events) => set({ events })}
      />
      <Select
        label={t("From which severity on")}
        value={when.severity ?? null}
        clearable
        placeholder={t("Any")}
        data={SEVERITIES.filter((one) => one !== "none" && one !== "unknown").map((one) => ({
          value: one,
          label: severityName(one),
        }))}
        onChange={(next) => set({ severity: (next as Conditions["severity"]) ?? null })}
      />
      {when.severity && (
        <Checkbox
          label={t("Also when nobody said how severe it is")}
          checked={when.unknown ?? true}
          onChange={(event) => set({ unknown: event.currentTarget.checked })}
        />
      )}
      <MultiSelect
        label={t("Only these kinds")}
        value={when.kinds ?? []}
        data={KINDS.map((one) => ({ value: one, label: kindName(one) }))}
        onChange={(kinds) => set({ kinds: kinds as NonNullable<Conditions["kinds"]> })}
      />
      <ChosenAssets ids={when.assets ?? []} onIds={(assets) => set({ assets })} />
      <Textarea
        label={t("Only assets with these labels")}
        description={t("One a line, as in team=shop, web")}
        autosize
        minRows={1}
        value={labels}
        onChange={(event) => setLabels(event.currentTarget.value)}
      />
      <Spans
        title={t("Only at these hours")}
        none={t("At every hour of every day.")}
        spans={when.hours ?? []}
        onSpans={(hours) => set({ hours })}
      />
      <QuietHours quiet={quiet} onQuiet={setQuiet} />
      <Radio.Group
        label={t("When")}
        value={mode}
        onChange={(next) => setMode(next === "digest" ? "digest" : "now")}
      >
        <div className={styles.row}>
          <Radio value="now" label={t("At once")} />
          <Radio value="digest" label={t("Gathered into a digest")} />
        </div>
      </Radio.Group>
      {mode === "digest" && (
        <TextInput
          label={t("Times of the digest (cron)")}
          description={cronInWords(cron)}
          required
          value={cron}
          onChange={(event) => setCron(event.currentTarget.value)}
        />
      )}
      <div className={styles.says} aria-live="polite">
        {sentencesOf(
          {
            conditions: { ...when, labels: labelsOf(labels) },
            mode,
            digest_cron: cron,
            quiet: quiet as Row["quiet"],
          },
          channels.find((one) => one.id === channel)?.name ?? t("The tenant's channel"),
        ).map((sentence) => (
          <p key={sentence}>{sentence}</p>
        ))}
        {lack && <p>{lack}</p>}
      </div>
      {theirs && (
        <p className={styles.says}>
          <strong>{t("Somebody made it this meanwhile:")}</strong> {theirs}{" "}
          {t("What you chose is kept here: save again to put it in its place.")}
        </p>
      )}
    </Dialog>
  );
}
