import { Rocket } from "lucide-react";
import { EmptyRoom } from "@/pieces/EmptyRoom";
import { t } from "@/words/words";

export default function DeliveryRoom() {
  return (
    <EmptyRoom
      title={t("Delivery")}
      icon={<Rocket size={36} />}
      question={t("May this build ship, and how well do we ship?")}
      holds={t("Gates and what they said, builds and deployments.")}
      step={{ title: t("See the policies"), to: "/settings/policies" }}
    />
  );
}
