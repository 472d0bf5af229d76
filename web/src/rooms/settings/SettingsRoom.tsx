import { Settings as Icon } from "lucide-react";
import { EmptyRoom } from "@/pieces/EmptyRoom";
import { t } from "@/words/words";

export default function SettingsRoom() {
  return (
    <EmptyRoom
      title={t("Settings")}
      icon={<Icon size={36} />}
      question={t("How is this platform set up?")}
      holds={t(
        "People and roles, channels, schedules, policies, keys, the audit log and the platform's own health.",
      )}
    />
  );
}
