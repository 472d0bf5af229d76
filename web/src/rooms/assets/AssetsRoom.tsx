import { Boxes } from "lucide-react";
import { EmptyRoom } from "@/pieces/EmptyRoom";
import { t } from "@/words/words";

export default function AssetsRoom() {
  return (
    <EmptyRoom
      title={t("Assets")}
      icon={<Boxes size={36} />}
      question={t("What do we have?")}
      holds={t(
        "Images, repositories, hosts and services with their components, their owners and when each was last looked at.",
      )}
      step={{ title: t("Import a report"), to: "/reports/imports" }}
    />
  );
}
