import { lazy, Suspense, useState } from "react";
import { Link } from "react-router";
import { numberOf, t } from "@/words/words";
import styles from "./Chart.module.css";

const Drawn = lazy(() => import("./ChartDrawn"));

export interface Series {
  name: string;
  /** A colour of theme.css: "critical", "accent"… */
  colour: string;
  kind?: "line" | "bar" | "area";
  stack?: string;
  /** One value for each label; null is unknown, and leaves a gap. */
  values: (number | null)[];
}

export interface ChartProps {
  /** What it shows, in a sentence: read aloud, and the table's caption. */
  title: string;
  labels: string[];
  series: Series[];
  /** Lines across, at a label: deployments. */
  marks?: { label: string; said: string }[];
  /** Pixels. */
  height?: number;
  unit?: string;
  /** Where the rows behind a value are listed, by the place of its label and of its series;
   * undefined where there are none. */
  rows?: (label: number, series: number) => string | undefined;
}

/** A chart, and the same numbers as a table. The drawing library comes only when one is shown. */
export function Chart(props: ChartProps) {
  const [table, setTable] = useState(false);
  const height = props.height ?? 220;
  const isKnown = props.series.some((one) => one.values.some((value) => value !== null));
  if (!isKnown) {
    return (
      <figure className={styles.chart}>
        <figcaption>{props.title}</figcaption>
        <p className="soft">{t("Nothing is known yet")}</p>
      </figure>
    );
  }
  return (
    <figure className={styles.chart}>
      <figcaption>
        <span>{props.title}</span>
        <button type="button" aria-pressed={table} onClick={() => setTable(!table)}>
          {table ? t("Show the chart") : t("Show as a table")}
        </button>
      </figcaption>
      {table ? (
        <ChartTable {...props} />
      ) : (
        <Suspense fallback={<div style={{ height }} />}>
          <Drawn {...props} height={height} />
        </Suspense>
      )}
    </figure>
  );
}

function ChartTable({ labels, series, title, height = 220, unit = "", rows }: ChartProps) {
  return (
    <div
      className={styles.table}
      style={{ maxHeight: height }}
      tabIndex={0}
      role="group"
      aria-label={title}
    >
      <table>
        <thead>
          <tr>
            <td />
            {series.map((one) => (
              <th key={one.name} scope="col">
                {one.name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {labels.map((label, at) => (
            <tr key={label}>
              <th scope="row">{label}</th>
              {series.map((one, place) => (
                <td key={one.name} className="figures">
                  <Value
                    said={valueSaid(one.values[at], unit)}
                    to={one.values[at] ? rows?.(at, place) : undefined}
                  />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Value({ said, to }: { said: string; to: string | undefined }) {
  return to ? <Link to={to}>{said}</Link> : said;
}

/** A value as people read it. What is not known is never nought. */
export function valueSaid(value: number | null | undefined, unit = ""): string {
  return value === null || value === undefined ? t("unknown") : `${numberOf(value)}${unit}`;
}
