import { KeyRound } from "lucide-react";
import { EmptyRoom } from "@/pieces/EmptyRoom";
import { t } from "@/words/words";

export default function SecretsRoom() {
  return (
    <EmptyRoom
      title={t("Secrets")}
      icon={<KeyRound size={36} />}
      question={t("Where are my secrets, and who touched them?")}
      holds={t("Secrets that scanners found in code and images, and those that Vigie itself uses.")}
      step={{
        title: t("See the secrets that were found"),
        to: "/findings?kind=secret&counts=true&sort=-score",
      }}
    />
  );
}
