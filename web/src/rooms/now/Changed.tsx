import { Link } from "react-router";
import { numberOf, t } from "@/words/words";
import styles from "./now.module.css";
import { moment, type Overview } from "./overview";

/** What came and went since yesterday; each number leads to its rows. */
export function Changed({ overview }: { overview: Overview }) {
  const since = moment(overview.since);
  const { changed } = overview;
  const rows = [
    {
      count: changed.new,
      said: t("New findings"),
      to: `/findings?new_at.ge=${since}&sort=-score`,
    },
    {
      count: changed.closed,
      said: t("Fixed findings"),
      to: `/findings?fixed_at.ge=${since}&sort=-score`,
    },
    {
      count: changed.reopened,
      said: t("Reopened findings"),
      to: `/findings?reopened_at.ge=${since}&sort=-score`,
    },
    {
      count: changed.expired,
      said: t("Expired waivers"),
      to: `/suppressions?expires_at.ge=${since}&expires_at.le=${moment(overview.at)}&sort=-created_at`,
    },
  ];
  return (
    <section className={styles.panel}>
      <h2>{t("Since yesterday")}</h2>
      <ul className={styles.changed}>
        {rows.map((row) => (
          <li key={row.to}>
            <Link to={row.to} data-none={row.count === 0 || undefined}>
              <strong className="figures">{numberOf(row.count)}</strong> {row.said}
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}
