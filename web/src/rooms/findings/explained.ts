import { useQuery } from "@tanstack/react-query";
import { api, held } from "@/api/client";
import { language } from "@/words/words";

/** Why a finding is there, in sentences of the reader's language. */
export function useExplanation(id: string) {
  return useQuery({
    queryKey: ["findings", "explained", id, language()],
    queryFn: () =>
      held(
        api.GET("/api/v1/findings/{finding_id}/explain", { params: { path: { finding_id: id } } }),
      ),
  });
}
