import { useQuery } from "@tanstack/react-query";
import { useParams } from "react-router";
import { api, held } from "@/api/client";
import { problemFrom } from "@/api/problems";
import { Page } from "@/pieces/Page";
import { ProblemView } from "@/pieces/ProblemView";
import { Waiting } from "@/pieces/Waiting";
import { t } from "@/words/words";
import { Draft } from "./Draft";

/** One policy: its YAML, what that asks in words, and what it would do today. */
export default function PolicyEditor() {
  const { id = "new" } = useParams();
  const isNew = id === "new";
  const found = useQuery({
    queryKey: ["policies", "one", id],
    enabled: !isNew,
    queryFn: () =>
      held(api.GET("/api/v1/policies/{policy_id}", { params: { path: { policy_id: id } } })),
  });
  if (isNew) return <Draft key="new" />;
  if (found.data) return <Draft key={id} policy={found.data} />;
  return (
    <Page title={t("Policy")}>
      {found.error ? (
        <ProblemView problem={problemFrom(found.error)} again={() => void found.refetch()} />
      ) : (
        <Waiting />
      )}
    </Page>
  );
}
