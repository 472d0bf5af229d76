import { Autocomplete, Select, TextInput } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, held, ifMatch, type Shape } from "@/api/client";
import { toast } from "@/pieces/Toasts";
import { language, t, timeZone } from "@/words/words";
import { cronInWords } from "../shared/cron";
import { Dialog } from "../shared/Dialog";

const USUAL = ["30 2 * * *", "0 6 * * MON-FRI", "0 6 * * MON", "0 6 1 * *", "0 * * * *"];

/** What is done, and when; the time is said in words as it is typed. */
export function ScheduleForm({
  schedule,
  onClose,
}: {
  schedule?: Shape<"Schedule">;
  onClose: () => void;
}) {
  const client = useQueryClient();
  const [name, setName] = useState(schedule?.name ?? "");
  const [kind, setKind] = useState(schedule?.kind ?? "scan");
  const payload = schedule?.payload ?? {};
  const [target, setTarget] = useState(String(payload.target ?? ""));
  const [form, setForm] = useState(String(payload.format ?? "html"));
  const [cron, setCron] = useState(schedule?.cron ?? "30 2 * * *");
  const [zone, setZone] = useState(schedule?.time_zone ?? timeZone());
  const formats = useQuery({
    queryKey: ["reports", "formats"],
    queryFn: () => held(api.GET("/api/v1/reports/formats")),
    enabled: kind === "report",
  });
  const save = async () => {
    const wanted =
      kind === "scan"
        ? { ...payload, target }
        : { title: name, language: language(), ...payload, format: form };
    const body = { name, payload: wanted, cron, time_zone: zone };
    if (schedule) {
      const params = { path: { schedule_id: schedule.id }, header: ifMatch(schedule.revision) };
      await held(
        api.PATCH("/api/v1/schedules/{schedule_id}", {
          params,
          body: body as Shape<"ScheduleChange">,
        }),
      );
    } else {
      await held(api.POST("/api/v1/schedules", { body: { ...body, kind, enabled: true } }));
    }
    toast({ said: t("{name}: {when}", { name, when: cronInWords(cron) }) });
    onClose();
    await client.invalidateQueries({ queryKey: ["schedules"] });
  };
  return (
    <Dialog
      title={schedule ? t("Change the schedule") : t("Add a schedule")}
      does={schedule ? t("Save") : t("Add the schedule")}
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
      {!schedule && (
        <Select
          label={t("What")}
          allowDeselect={false}
          value={kind}
          onChange={(next) => setKind(next ?? "scan")}
          data={[
            { value: "scan", label: t("Scan something") },
            { value: "report", label: t("Make a report") },
          ]}
        />
      )}
      {kind === "scan" ? (
        <TextInput
          label={t("Target")}
          description={t("An image, a repository or a folder of the server.")}
          required
          value={target}
          onChange={(event) => setTarget(event.currentTarget.value)}
        />
      ) : (
        <Select
          label={t("Format")}
          allowDeselect={false}
          value={form}
          onChange={(next) => next && setForm(next)}
          data={(formats.data ?? []).map((one) => ({ value: one.format, label: one.label }))}
        />
      )}
      <Autocomplete
        label={t("When (cron)")}
        description={cronInWords(cron) === cron ? t("As cron says it.") : cronInWords(cron)}
        required
        value={cron}
        onChange={setCron}
        data={USUAL}
        filter={({ options }) => options}
        renderOption={({ option }) => (
          <span>
            <code>{option.value}</code> {cronInWords(option.value)}
          </span>
        )}
      />
      <TextInput
        label={t("Time zone")}
        required
        value={zone}
        onChange={(event) => setZone(event.currentTarget.value)}
      />
    </Dialog>
  );
}
