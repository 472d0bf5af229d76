import { Autocomplete, Button, Modal, Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { type Problem, problemFrom } from "@/api/problems";
import { type Me, useSession } from "@/api/session";
import { DialogFoot } from "@/pieces/DialogFoot";
import { fetchPage } from "@/pieces/list/rows";
import type { Done, Selection } from "@/pieces/list/types";
import { ProblemView } from "@/pieces/ProblemView";
import { t, tn } from "@/words/words";
import { triage } from "./actions";

interface Props {
  selection: Selection;
  onDone: (done: Done | undefined) => void;
}

/** How somebody is called where findings are given to people. */
export const calledOf = (me: Pick<Me, "name" | "email">) => me.name || me.email || "";

/** Gives findings to somebody; to oneself with Enter alone. */
export function Assign({ selection, onDone }: Props) {
  const { me } = useSession();
  const [name, setName] = useState(calledOf(me));
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const known = useKnown();
  const give = async () => {
    setBusy(true);
    setProblem(undefined);
    try {
      onDone(await triage(selection, { assignee: name.trim() }));
    } catch (thrown) {
      setProblem(problemFrom(thrown));
      setBusy(false);
    }
  };
  return (
    <Modal
      opened
      onClose={() => onDone(undefined)}
      closeButtonProps={{ "aria-label": t("Close") }}
      title={tn(
        selection.count,
        "Who takes care of {count} finding?",
        "Who takes care of {count} findings?",
      )}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void give();
        }}
      >
        <Stack gap="sm">
          <Autocomplete
            label={t("Person or team")}
            description={t("You, unless you change it. Leave it empty for nobody.")}
            value={name}
            data={known}
            openOnFocus={false}
            limit={20}
            maxLength={200}
            data-autofocus
            onFocus={(event) => event.currentTarget.select()}
            onChange={setName}
          />
          {problem && <ProblemView problem={problem} />}
          <DialogFoot>
            <Button variant="default" onClick={() => onDone(undefined)}>
              {t("Cancel")}
            </Button>
            <Button type="submit" loading={busy}>
              {name.trim() ? t("Assign") : t("Assign to nobody")}
            </Button>
          </DialogFoot>
        </Stack>
      </form>
    </Modal>
  );
}

/** Who works here, and who takes care of something already. */
function useKnown(): string[] {
  const { me, can } = useSession();
  const people = useQuery({
    queryKey: ["users", "to assign"],
    queryFn: ({ signal }) =>
      fetchPage<Me>("/api/v1/users", { fields: "name,email", limit: "500" }, signal),
    enabled: can("users:read"),
  });
  const busy = useQuery({
    queryKey: ["findings", "assignees"],
    queryFn: ({ signal }) =>
      fetchPage("/api/v1/findings", { facets: "assignee", fields: "id", limit: "1" }, signal),
  });
  const names = [
    calledOf(me),
    ...(people.data?.items ?? []).map(calledOf),
    ...(busy.data?.facets.assignee ?? []).map((one) => one.value),
  ];
  return [...new Set(names.filter(Boolean))];
}
