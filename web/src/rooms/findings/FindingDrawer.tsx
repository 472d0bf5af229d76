import { useQuery } from "@tanstack/react-query";
import { api, held, type Shape } from "@/api/client";
import { problemFrom } from "@/api/problems";
import { Drawer } from "@/pieces/Drawer";
import type { OpenRow } from "@/pieces/list/types";
import { ProblemView } from "@/pieces/ProblemView";
import { Severity } from "@/pieces/Severity";
import { Waiting } from "@/pieces/Waiting";
import { decisionName, kindName, statusName } from "@/words/nouns";
import { t } from "@/words/words";
import { Comments } from "./Comments";
import { Decide } from "./Decide";
import { Evidence } from "./Evidence";
import { Fix } from "./Fix";
import { History } from "./History";
import { Tickets } from "./Tickets";
import { What } from "./What";
import { Why } from "./Why";

export type Detail = Shape<"FindingDetail">;

/** One finding, with everything that is known of it. */
export function FindingDrawer({ id, onClose, onPrevious, onNext }: OpenRow) {
  const found = useQuery({
    queryKey: ["findings", "one", id],
    queryFn: () =>
      held(api.GET("/api/v1/findings/{finding_id}", { params: { path: { finding_id: id } } })),
  });
  const finding = found.data;
  return (
    <Drawer
      kind={finding ? kindName(finding.kind ?? "") : ""}
      title={finding ? (finding.rule?.name ?? "") : t("Loading…")}
      state={
        finding && (
          <>
            <Severity value={finding.severity} />
            <strong>{decisionName(finding.decision ?? "")}</strong>
            <span>{statusName(finding.status ?? "")}</span>
          </>
        )
      }
      onClose={onClose}
      onPrevious={onPrevious}
      onNext={onNext}
    >
      {found.error ? (
        <ProblemView problem={problemFrom(found.error)} again={() => void found.refetch()} />
      ) : finding ? (
        <>
          <What finding={finding} />
          <Why id={id} />
          <Fix finding={finding} />
          <Decide finding={finding} />
          <Evidence id={id} finding={finding} />
          <Tickets finding={finding} />
          <Comments finding={finding} />
          <History id={id} />
        </>
      ) : (
        <Waiting />
      )}
    </Drawer>
  );
}
