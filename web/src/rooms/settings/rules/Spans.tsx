import { Button, Chip, CloseButton, TextInput } from "@mantine/core";
import { Plus } from "lucide-react";
import { t } from "@/words/words";
import styles from "../shared/settings.module.css";
import { DAYS, type Day, dayName, MOST, type Span, spanInWords, USUAL } from "./hours";

interface Props {
  /** What these hours are for. */
  title: string;
  /** What it means that there are none. */
  none: string;
  /** What a span begins as. */
  usual?: Span;
  spans: readonly Span[];
  onSpans: (spans: Span[]) => void;
}

/** Hours of the week, several spans of them, each on days of its own. */
export function Spans({ title, none, usual = USUAL, spans, onSpans }: Props) {
  const change = (at: number, values: Partial<Span>) =>
    onSpans(spans.map((one, place) => (place === at ? { ...one, ...values } : one)));
  return (
    <fieldset className={styles.spans}>
      <legend>{title}</legend>
      {spans.length === 0 && <p className="soft">{none}</p>}
      {spans.map((span, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: spans have no names; equal ones are alike
        <fieldset key={at} className={styles.span} aria-label={spanInWords(span)}>
          <div className={styles.hours}>
            <TextInput
              type="time"
              required
              label={t("From")}
              value={span.from}
              onChange={(event) => change(at, { from: event.currentTarget.value })}
            />
            <TextInput
              type="time"
              required
              label={t("until")}
              value={span.until}
              onChange={(event) => change(at, { until: event.currentTarget.value })}
            />
            <CloseButton
              aria-label={t("Take these hours away: {hours}", { hours: spanInWords(span) })}
              onClick={() => onSpans(spans.filter((_, place) => place !== at))}
            />
          </div>
          <Chip.Group
            multiple
            value={span.days?.length ? span.days : [...DAYS]}
            onChange={(days) => change(at, { days: daysOf(days) })}
          >
            <div className={styles.row}>
              {DAYS.map((day) => (
                <Chip key={day} size="xs" value={day} aria-label={dayName(day)}>
                  {dayName(day, "short")}
                </Chip>
              ))}
            </div>
          </Chip.Group>
        </fieldset>
      ))}
      {spans.length < MOST && (
        <Button
          size="xs"
          variant="default"
          leftSection={<Plus size={14} aria-hidden />}
          onClick={() => onSpans([...spans, usual])}
        >
          {t("Add hours")}
        </Button>
      )}
    </fieldset>
  );
}

/** All of them and none of them are both every day, which the API holds as none. */
function daysOf(chosen: readonly string[]): Day[] {
  const days = DAYS.filter((day) => chosen.includes(day));
  return days.length === DAYS.length ? [] : days;
}
