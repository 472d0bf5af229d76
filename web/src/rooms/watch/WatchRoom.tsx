import { Activity } from "lucide-react";
import { EmptyRoom } from "@/pieces/EmptyRoom";
import { t } from "@/words/words";

export default function WatchRoom() {
  return (
    <EmptyRoom
      title={t("Watch")}
      icon={<Activity size={36} />}
      question={t("Are my hosts, networks and services healthy now?")}
      holds={t("Hosts and probes with their readings, alerts with who has been told, and logs.")}
      how={t(
        "This version does not collect readings yet; findings about hosts are among the findings.",
      )}
    />
  );
}
