import { Button, Modal, Radio, Select, Stack, Textarea } from "@mantine/core";
import { useState } from "react";
import { type Problem, problemFrom } from "@/api/problems";
import { DialogFoot } from "@/pieces/DialogFoot";
import type { Done, Selection } from "@/pieces/list/types";
import { ProblemView } from "@/pieces/ProblemView";
import { t, tn } from "@/words/words";
import { triage, type Verdict } from "./actions";

const DAY = 86_400_000;

interface Props {
  selection: Selection;
  onDone: (done: Done | undefined) => void;
}

/** Waive for a time, or say why it does not affect; always with a reason. */
export function SetAside({ selection, onDone }: Props) {
  const [way, setWay] = useState<"suppressed" | "not_affected">("suppressed");
  const [reason, setReason] = useState("");
  const [days, setDays] = useState("30");
  const [scope, setScope] = useState<"asset" | "component" | "tenant">("asset");
  const [justification, setJustification] = useState("vulnerable_code_not_in_execute_path");
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const decide = async () => {
    setBusy(true);
    setProblem(undefined);
    const verdict: Verdict = { status: way, reason, scope };
    if (way === "not_affected") verdict.justification = justification;
    if (way === "suppressed" && days !== "0") {
      verdict.expires_at = new Date(Date.now() + Number(days) * DAY).toISOString();
    }
    try {
      onDone(await triage(selection, verdict));
    } catch (thrown) {
      setProblem(problemFrom(thrown));
      setBusy(false);
    }
  };
  const does =
    way === "not_affected"
      ? t("Mark as not affected")
      : days === "0"
        ? t("Waive without an end")
        : t("Waive for {days} days", { days: Number(days) });
  return (
    <Modal
      opened
      onClose={() => onDone(undefined)}
      closeButtonProps={{ "aria-label": t("Close") }}
      title={tn(selection.count, "Set {count} finding aside", "Set {count} findings aside")}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void decide();
        }}
      >
        <Stack gap="sm">
          <Radio.Group
            label={t("Why it needs nothing")}
            value={way}
            onChange={(next) => setWay(next as typeof way)}
          >
            <Stack gap={6} mt={6}>
              <Radio value="suppressed" label={t("The risk is accepted for a time (waiver)")} />
              <Radio value="not_affected" label={t("It does not affect us (VEX)")} />
            </Stack>
          </Radio.Group>
          {way === "suppressed" ? (
            <Select
              label={t("For how long")}
              value={days}
              allowDeselect={false}
              onChange={(next) => setDays(next ?? "30")}
              data={[
                { value: "7", label: t("A week") },
                { value: "30", label: t("30 days") },
                { value: "90", label: t("90 days") },
                { value: "365", label: t("A year") },
                { value: "0", label: t("Until somebody takes it back") },
              ]}
            />
          ) : (
            <Select
              label={t("Justification")}
              value={justification}
              allowDeselect={false}
              onChange={(next) => next && setJustification(next)}
              data={justifications()}
            />
          )}
          <Select
            label={t("How far it goes")}
            value={scope}
            allowDeselect={false}
            onChange={(next) => next && setScope(next as typeof scope)}
            data={[
              { value: "asset", label: t("These findings, in every later scan") },
              { value: "component", label: t("The rule in this package, wherever it is") },
              { value: "tenant", label: t("The rule everywhere") },
            ]}
          />
          <Textarea
            label={t("Reason")}
            description={t("Who reads it in a year must understand it.")}
            required
            autosize
            minRows={2}
            maxLength={4000}
            value={reason}
            data-autofocus
            onChange={(event) => setReason(event.currentTarget.value)}
          />
          {problem && <ProblemView problem={problem} />}
          <DialogFoot>
            <Button variant="default" onClick={() => onDone(undefined)}>
              {t("Cancel")}
            </Button>
            <Button type="submit" loading={busy}>
              {does}
            </Button>
          </DialogFoot>
        </Stack>
      </form>
    </Modal>
  );
}

/** OpenVEX's five. */
function justifications() {
  return [
    { value: "component_not_present", label: t("The component is not there") },
    { value: "vulnerable_code_not_present", label: t("The vulnerable code is not there") },
    { value: "vulnerable_code_not_in_execute_path", label: t("The vulnerable code is never run") },
    {
      value: "vulnerable_code_cannot_be_controlled_by_adversary",
      label: t("An attacker cannot reach the vulnerable code"),
    },
    { value: "inline_mitigations_already_exist", label: t("Something else already prevents it") },
  ];
}
