import { Select } from "@mantine/core";
import { SEVERITIES, severityName } from "@/words/nouns";
import { t } from "@/words/words";
import { type Quiet, type Span, THE_NIGHT } from "./hours";
import { Spans } from "./Spans";

interface Props {
  quiet: Quiet | null;
  onQuiet: (quiet: Quiet | null) => void;
}

/** Hours in which nobody is to be woken, and what goes through all the same. */
export function QuietHours({ quiet, onQuiet }: Props) {
  const below = quiet?.below ?? "critical";
  const change = (hours: Span[]) => onQuiet(hours.length > 0 ? { hours, below } : null);
  return (
    <>
      <Spans
        title={t("Quiet hours")}
        none={t("There are none: nothing waits.")}
        usual={THE_NIGHT}
        spans={quiet?.hours ?? []}
        onSpans={change}
      />
      {quiet && (
        <Select
          label={t("What goes through all the same")}
          description={t("What is less severe waits until the quiet hours are over.")}
          value={below}
          allowDeselect={false}
          data={SEVERITIES.filter((one) => one !== "none" && one !== "unknown").map((one) => ({
            value: one,
            label:
              one === "critical"
                ? severityName(one)
                : t("{severity} and worse", {
                    severity: severityName(one),
                  }),
          }))}
          onChange={(next) => onQuiet({ ...quiet, below: (next ?? "critical") as typeof below })}
        />
      )}
    </>
  );
}
