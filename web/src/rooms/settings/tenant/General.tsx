import { Button, Select } from "@mantine/core";
import { useState } from "react";
import { useSession } from "@/api/session";
import { ProblemView } from "@/pieces/ProblemView";
import { toast } from "@/pieces/Toasts";
import { t } from "@/words/words";
import { useChannels } from "../channels/channel";
import { Card } from "../shared/Card";
import { useAttempt } from "../shared/Dialog";
import { useSaving } from "./saving";
import type { Kept } from "./TenantSettings";

/** Language, time zone, and where messages and tickets go that name no channel. */
export function General({ kept }: { kept: Kept }) {
  const { can } = useSession();
  const channels = useChannels();
  const save = useSaving(kept);
  const [spoken, setSpoken] = useState(kept.settings.language);
  const [zone, setZone] = useState(kept.settings.time_zone ?? "UTC");
  const [told, setTold] = useState(kept.settings.notify_channel ?? "");
  const [tickets, setTickets] = useState(kept.settings.ticket_channel ?? "");
  const { busy, problem, attempt } = useAttempt();
  const choices = channels.map((one) => ({ value: one.id ?? "", label: one.name ?? "" }));
  const isReader = !can("settings:write");
  return (
    <Card title={t("Language, time and channels")}>
      <p className="soft">{t("For what is made from now on without one of its own.")}</p>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void attempt(async () => {
            await save({
              language: spoken,
              time_zone: zone,
              notify_channel: told,
              ticket_channel: tickets,
            });
            toast({ said: t("Saved") });
          });
        }}
      >
        <Select
          label={t("Language of messages and reports")}
          disabled={isReader}
          allowDeselect={false}
          value={spoken ?? "en"}
          onChange={(next) => setSpoken(next === "fr" ? "fr" : "en")}
          data={[
            { value: "en", label: "English" },
            { value: "fr", label: "Français" },
          ]}
        />
        <Select
          label={t("Time zone")}
          disabled={isReader}
          searchable
          allowDeselect={false}
          limit={50}
          value={zone}
          onChange={(next) => next && setZone(next)}
          data={[...new Set(["UTC", zone, ...Intl.supportedValuesOf("timeZone")])]}
        />
        <Select
          label={t("Channel of messages")}
          description={t("For notification rules that name none.")}
          disabled={isReader}
          clearable
          placeholder={t("(none)")}
          value={told || null}
          onChange={(next) => setTold(next ?? "")}
          data={choices}
        />
        <Select
          label={t("Channel of tickets")}
          description={t("For tickets that name none.")}
          disabled={isReader}
          clearable
          placeholder={t("(none)")}
          value={tickets || null}
          onChange={(next) => setTickets(next ?? "")}
          data={choices}
        />
        {problem && <ProblemView problem={problem} />}
        {!isReader && (
          <Button type="submit" loading={busy}>
            {t("Save")}
          </Button>
        )}
      </form>
    </Card>
  );
}
