import { House } from "lucide-react";
import { EmptyRoom } from "@/pieces/EmptyRoom";
import { t } from "@/words/words";

export default function NowRoom() {
  return (
    <EmptyRoom
      title={t("Now")}
      icon={<House size={36} />}
      question={t("What do I do first, and why?")}
      holds={t(
        "The three things that weigh most today, what changed since yesterday, risk over time, and what nobody has looked at.",
      )}
      step={{ title: t("See the findings"), to: "/findings" }}
    />
  );
}
