import { FileText } from "lucide-react";
import { EmptyRoom } from "@/pieces/EmptyRoom";
import { t } from "@/words/words";

export default function ReportsRoom() {
  return (
    <EmptyRoom
      title={t("Reports")}
      icon={<FileText size={36} />}
      question={t("What do I hand out?")}
      holds={t(
        "Reports as PDF, HTML, spreadsheets and exchange formats, made from the findings as they stand.",
      )}
      step={{ title: t("See the findings"), to: "/findings" }}
    />
  );
}
