import { ClipboardCheck } from "lucide-react";
import { EmptyRoom } from "@/pieces/EmptyRoom";
import { t } from "@/words/words";

export default function ComplianceRoom() {
  return (
    <EmptyRoom
      title={t("Compliance")}
      icon={<ClipboardCheck size={36} />}
      question={t("What do I show the auditor?")}
      holds={t(
        "Controls with their verdicts and the evidence behind each; what was not assessed stays unknown.",
      )}
      step={{ title: t("See the audit log"), to: "/settings/audit" }}
    />
  );
}
