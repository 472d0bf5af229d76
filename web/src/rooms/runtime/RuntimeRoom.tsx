import { Radar } from "lucide-react";
import { EmptyRoom } from "@/pieces/EmptyRoom";
import { t } from "@/words/words";

export default function RuntimeRoom() {
  return (
    <EmptyRoom
      title={t("Runtime")}
      icon={<Radar size={36} />}
      question={t("What is happening inside the running containers?")}
      holds={t("Detections of Falco and its kind, beside the findings of the same image.")}
      how={t("This version does not take events of running containers yet.")}
    />
  );
}
