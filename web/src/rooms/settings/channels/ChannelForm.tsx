import { PasswordInput, Select, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, held, ifMatch, type Shape } from "@/api/client";
import { toast } from "@/pieces/Toasts";
import { language, t } from "@/words/words";
import { Dialog } from "../shared/Dialog";
import { type Kind, toSeal, useKinds } from "./channel";

interface Props {
  /** The one that is changed; a new one without. */
  channel?: Shape<"Channel">;
  onClose: () => void;
}

/** What a channel is called and must be told. What is secret is sealed first; the channel holds
 * only its name. */
export function ChannelForm({ channel, onClose }: Props) {
  const client = useQueryClient();
  const kinds = useKinds();
  const [kindName, setKindName] = useState(channel?.kind ?? "email");
  const [name, setName] = useState(channel?.name ?? "");
  const [spoken, setSpoken] = useState<string>(channel?.language ?? language());
  const [typed, setTyped] = useState<Record<string, string>>({});
  const kind = kinds.find((one) => one.name === kindName);
  const save = async () => {
    if (!kind) return;
    const settings: Record<string, string> = { ...channel?.settings };
    for (const [field, value] of Object.entries(typed)) {
      if (value) settings[field] = value;
      else if (!kind.fields.find((one) => one.name === field)?.secret) delete settings[field];
    }
    for (const one of toSeal(kind, name, typed)) {
      const params = { path: { name: one.secret } };
      const kept = await held(
        api.PUT("/api/v1/secrets/{name}", { params, body: { value: one.value } }),
      );
      settings[one.field] = kept.reference;
    }
    if (channel) {
      const body = { name, settings, language: spoken };
      const params = { path: { channel_id: channel.id }, header: ifMatch(channel.revision) };
      await held(api.PATCH("/api/v1/channels/{channel_id}", { params, body }));
    } else {
      const body = { name, kind: kind.name, settings, language: spoken, enabled: true };
      await held(api.POST("/api/v1/channels", { body }));
    }
    toast({ said: channel ? t("Saved") : t("Channel added; test it now") });
    onClose();
    await client.invalidateQueries({ queryKey: ["channels"] });
  };
  return (
    <Dialog
      title={channel ? t("Change the channel") : t("Add a channel")}
      does={channel ? t("Save") : t("Add the channel")}
      disabled={!kind}
      onDo={save}
      onClose={onClose}
    >
      {!channel && (
        <Select
          label={t("Kind")}
          allowDeselect={false}
          searchable
          value={kindName}
          data={kinds.map((one) => ({ value: one.name, label: one.label }))}
          onChange={(next) => {
            setKindName(next ?? "email");
            setTyped({});
          }}
        />
      )}
      <TextInput
        label={t("Name")}
        required
        data-autofocus
        maxLength={200}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      {kind?.fields.map((field) => (
        <Told
          key={`${kindName} ${field.name}`}
          field={field}
          kept={channel?.settings[field.name] ?? ""}
          value={typed[field.name]}
          onValue={(value) => setTyped({ ...typed, [field.name]: value })}
        />
      ))}
      <Select
        label={t("Language of the messages")}
        allowDeselect={false}
        value={spoken}
        onChange={(next) => setSpoken(next ?? "en")}
        data={[
          { value: "en", label: "English" },
          { value: "fr", label: "Français" },
        ]}
      />
    </Dialog>
  );
}

interface ToldProps {
  field: Kind["fields"][number];
  kept: string;
  value: string | undefined;
  onValue: (value: string) => void;
}

function Told({ field, kept, value, onValue }: ToldProps) {
  const example = field.example ? t("As in {example}", { example: field.example }) : "";
  if (field.choices?.length) {
    return (
      <Select
        label={field.label}
        value={value ?? (kept || field.default || "")}
        allowDeselect={!field.required}
        data={field.choices}
        onChange={(next) => onValue(next ?? "")}
      />
    );
  }
  if (field.secret) {
    return (
      <PasswordInput
        label={field.label}
        description={kept ? t("Kept sealed; leave it empty to keep it.") : example}
        required={field.required && !kept}
        autoComplete="off"
        value={value ?? ""}
        visibilityToggleButtonProps={{ "aria-label": t("Show what is typed") }}
        onChange={(event) => onValue(event.currentTarget.value)}
      />
    );
  }
  return (
    <TextInput
      label={field.label}
      description={example}
      required={field.required}
      placeholder={field.default ?? ""}
      value={value ?? kept}
      onChange={(event) => onValue(event.currentTarget.value)}
    />
  );
}
