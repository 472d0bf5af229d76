import { Cloud } from "lucide-react";
import { EmptyRoom } from "@/pieces/EmptyRoom";
import { t } from "@/words/words";

export default function CloudRoom() {
  return (
    <EmptyRoom
      title={t("Cloud")}
      icon={<Cloud size={36} />}
      question={t(
        "What do my cloud accounts hold, and what is insecure, wasteful or fragile in them?",
      )}
      holds={t(
        "AWS, Google Cloud and Azure accounts with their resources and what checks say of them.",
      )}
      step={{ title: t("Import a Prowler report"), to: "/reports/imports" }}
      how={t(
        "Until accounts are read directly, reports of Prowler and others bring their findings.",
      )}
    />
  );
}
