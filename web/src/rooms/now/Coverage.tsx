import { Link } from "react-router";
import { When } from "@/pieces/When";
import { assetKindName } from "@/words/nouns";
import { shortDay, t, tn } from "@/words/words";
import styles from "./now.module.css";
import { moment, type Overview, unseenOf } from "./overview";

const DAY = 86_400_000;

/** What has not been looked at, and for how long. Not looked at is unknown, never well. */
export function Coverage({ overview }: { overview: Overview }) {
  const { coverage } = overview;
  const before = moment(
    new Date(Date.parse(overview.at) - coverage.stale_after_days * DAY).toISOString(),
  );
  const parts = [
    {
      state: "seen",
      count: coverage.assessed,
      said: tn(
        coverage.stale_after_days,
        "looked at in the last {count} day",
        "looked at in the last {count} days",
      ),
      to: `/assets?archived=false&looked_at.ge=${before}&sort=-last_seen`,
    },
    {
      state: "stale",
      count: coverage.stale,
      said: t("not looked at since {day}", { day: shortDay(before) }),
      to: `/assets?archived=false&looked_at.lt=${before}&sort=-last_seen`,
    },
    {
      state: "never",
      count: coverage.never,
      said: t("never looked at completely"),
      to: "/assets?archived=false&looked_at_ever=false&sort=-last_seen",
    },
  ];
  const unseen = unseenOf(overview);
  return (
    <section className={styles.panel}>
      <h2>{t("What nobody has looked at")}</h2>
      <div className={styles.bar} aria-hidden>
        {parts
          .filter((part) => part.count > 0)
          .map((part) => (
            <span key={part.state} data-state={part.state} style={{ flexGrow: part.count }} />
          ))}
      </div>
      <ul className={styles.parts}>
        {parts.map((part) => (
          <li key={part.state}>
            <span className={styles.swatch} data-state={part.state} aria-hidden />
            <Link to={part.to}>{tn(part.count, "{count} asset", "{count} assets")}</Link>{" "}
            {part.said}
          </li>
        ))}
      </ul>
      {unseen > 0 && (
        <>
          <p className="soft">{t("What is in them is unknown, not safe. Unseen for longest:")}</p>
          <ul className={styles.unseen}>
            {coverage.longest_unseen.map((asset) => (
              <li key={asset.id}>
                <Link to={`/assets/${asset.id}`}>{asset.name}</Link>{" "}
                <span className="soft">{assetKindName(asset.kind)}</span>
                <span className={styles.since}>
                  <When at={asset.looked_at} />
                </span>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}
