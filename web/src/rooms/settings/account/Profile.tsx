import { Button, Select, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, held, ifMatch } from "@/api/client";
import { useSession } from "@/api/session";
import { ProblemView } from "@/pieces/ProblemView";
import { toast } from "@/pieces/Toasts";
import { browserLanguage, type Language, speak, speakAsBrowser, t } from "@/words/words";
import { Card } from "../shared/Card";
import { useAttempt } from "../shared/Dialog";

const NAMES: Record<Language, string> = { en: "English", fr: "Français" };
const spokenBy = (name: string | null | undefined) => (name === "en" || name === "fr" ? name : "");

/** Name, language and time zone. */
export function Profile() {
  const { me } = useSession();
  const client = useQueryClient();
  const [name, setName] = useState(me.name ?? "");
  const [spoken, setSpoken] = useState<Language | "">(spokenBy(me.language));
  const [zone, setZone] = useState(me.time_zone ?? "");
  const { busy, problem, attempt } = useAttempt();
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const save = async () => {
    await held(
      api.PATCH("/api/v1/me", {
        body: { name, language: spoken, time_zone: zone },
        params: { header: ifMatch(me.revision) },
      }),
    );
    await client.invalidateQueries({ queryKey: ["me"] });
    if (spoken) speak(spoken);
    else speakAsBrowser();
    toast({ said: t("Saved") });
  };
  return (
    <Card title={t("You")}>
      <p className="soft">{me.email}</p>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void attempt(save);
        }}
      >
        <TextInput
          label={t("Name")}
          description={t("Others see it beside what you decide and write.")}
          value={name}
          maxLength={200}
          autoComplete="name"
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Select
          label={t("Language")}
          value={spoken}
          allowDeselect={false}
          data={[
            {
              value: "",
              label: t("What the browser asks for ({name})", { name: NAMES[browserLanguage()] }),
            },
            ...Object.entries(NAMES).map(([value, label]) => ({ value, label })),
          ]}
          onChange={(next) => setSpoken(spokenBy(next))}
        />
        <Select
          label={t("Time zone")}
          description={t(
            "Of the times that you are shown; messages and reports have the tenant's.",
          )}
          searchable
          allowDeselect={false}
          limit={50}
          value={zone}
          data={[
            { value: "", label: t("That of the browser ({name})", { name: own }) },
            ...[
              ...new Set(["UTC", ...Intl.supportedValuesOf("timeZone"), ...(zone ? [zone] : [])]),
            ],
          ]}
          onChange={(next) => setZone(next ?? "")}
        />
        {problem && <ProblemView problem={problem} />}
        <Button type="submit" loading={busy}>
          {t("Save")}
        </Button>
      </form>
    </Card>
  );
}
