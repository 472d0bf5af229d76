import { Chart } from "@/pieces/Chart";
import { shortDay, t } from "@/words/words";
import styles from "./now.module.css";
import { type Overview, riskOf, rowsOfDay } from "./overview";

const PARTS = ["open", "came", "went"] as const; // the series, in their order

/** How many findings counted day by day, and what came and went. */
export function Risk({ risk }: { risk: Overview["risk"] }) {
  const open = riskOf(risk);
  const known = (values: number[]) => values.map((value, at) => (open[at] === null ? null : value));
  return (
    <section className={styles.panel}>
      <Chart
        title={t("Open findings in the last 30 days")}
        labels={risk.map((day) => shortDay(`${day.day}T12:00:00`))}
        series={[
          { name: t("open"), colour: "accent", kind: "area", values: open },
          {
            name: t("new"),
            colour: "ink-soft",
            kind: "bar",
            values: known(risk.map((d) => d.new)),
          },
          {
            name: t("fixed"),
            colour: "fine",
            kind: "bar",
            values: known(risk.map((d) => d.closed)),
          },
        ]}
        height={200}
        rows={(day, series) => rowsOfDay(risk, day, PARTS[series] ?? "open")}
      />
    </section>
  );
}
