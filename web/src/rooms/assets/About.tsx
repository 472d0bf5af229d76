import { Link } from "react-router";
import { useSession } from "@/api/session";
import { Copyable } from "@/pieces/Copyable";
import { Facts } from "@/pieces/Drawer";
import { Name } from "@/pieces/Name";
import { Severity } from "@/pieces/Severity";
import { State } from "@/pieces/State";
import { When } from "@/pieces/When";
import {
  criticalityName,
  decisionName,
  exposureName,
  outcomeName,
  SEVERITIES,
} from "@/words/nouns";
import { numberOf, t, tn } from "@/words/words";
import type { Asset } from "./AssetPage";
import styles from "./assets.module.css";
import { Edit } from "./Edit";
import { LookedAt } from "./LookedAt";

/** Its findings, who looked at it, what is known of it. */
export function About({ asset }: { asset: Asset }) {
  const { can } = useSession();
  return (
    <div className={styles.about}>
      <div className={styles.stack}>
        <Findings asset={asset} />
        <LookedAtBy asset={asset} />
      </div>
      <div className={styles.stack}>
        {can("assets:write") ? (
          <Edit key={asset.id} asset={asset} />
        ) : (
          <section className={styles.panel}>
            <Facts
              facts={[
                [t("Owner"), asset.owner],
                [t("Who can reach it"), exposureName(asset.exposure ?? "")],
                [t("How much it matters"), criticalityName(asset.criticality ?? "")],
              ]}
            />
          </section>
        )}
        <section className={styles.panel}>
          <h2>{t("What is known of it")}</h2>
          <Facts
            facts={[
              [t("Known as"), asset.key && <Copyable text={asset.key} most={20} />],
              [t("Distribution"), asset.distro],
              [t("Tags"), <Tags key="tags" tags={asset.tags ?? []} />],
              [t("Digest"), asset.digests?.[0] && <Copyable text={asset.digests[0]} most={20} />],
              [t("First seen"), <When key="first" at={asset.first_seen} />],
              [t("Last seen"), <When key="last" at={asset.last_seen} />],
            ]}
          />
        </section>
      </div>
    </div>
  );
}

const FEW = 4;

/** What it was called; many are behind one click, digests the last of them. */
function Tags({ tags }: { tags: string[] }) {
  const all = [...tags].sort(
    (one, other) => Number(one.includes("@")) - Number(other.includes("@")),
  );
  const lines = (some: string[]) => (
    <ul className={styles.tags}>
      {some.map((tag) => (
        <li key={tag}>
          <Name text={tag} />
        </li>
      ))}
    </ul>
  );
  if (all.length === 0) return <span className="soft">–</span>;
  return (
    <>
      {lines(all.slice(0, FEW))}
      {all.length > FEW && (
        <details className={styles.more}>
          <summary>{t("{count} more", { count: all.length - FEW })}</summary>
          {lines(all.slice(FEW))}
        </details>
      )}
    </>
  );
}

function Findings({ asset }: { asset: Asset }) {
  const { counts } = asset;
  const base = `/findings?asset_id=${asset.id}&counts=true&sort=-score`;
  return (
    <section className={styles.panel}>
      <h2>{t("Open findings")}</h2>
      <p className={styles.total}>
        <Link to={base}>{tn(counts.total, "{count} finding", "{count} findings")}</Link>
        {counts.total === 0 && !asset.coverage.assessed && (
          <span className={styles.unknown}>
            {t("Nobody has looked at all of it: what is in it is unknown.")}
          </span>
        )}
      </p>
      <ul className={styles.numbers}>
        {SEVERITIES.filter((severity) => counts.by_severity[severity]).map((severity) => (
          <li key={severity}>
            <Link to={`${base}&severity=${severity}`}>
              <Severity value={severity} />
              <strong className="figures">{numberOf(counts.by_severity[severity] ?? 0)}</strong>
            </Link>
          </li>
        ))}
      </ul>
      <p className={styles.decisions}>
        {["act now", "plan", "watch", "accept"]
          .filter((decision) => counts.by_decision[decision])
          .map((decision) => (
            <Link key={decision} to={`${base}&decision=${decision}`}>
              {decisionName(decision)} {numberOf(counts.by_decision[decision] ?? 0)}
            </Link>
          ))}
      </p>
    </section>
  );
}

function LookedAtBy({ asset }: { asset: Asset }) {
  const { coverage, runs } = asset;
  return (
    <section className={styles.panel}>
      <h2>{t("Who has looked at it")}</h2>
      <p>
        {coverage.assessed ? t("Looked at completely:") : t("Never looked at completely:")}{" "}
        <LookedAt at={coverage.looked_at} />
      </p>
      {coverage.incomplete.length > 0 && (
        <p>
          {t("{names} did not see everything; what they missed is unknown.", {
            names: coverage.incomplete.join(", "),
          })}
        </p>
      )}
      <div className={styles.scroll} tabIndex={0} role="group" aria-label={t("Latest runs")}>
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col">{t("Scanner")}</th>
              <th scope="col">{t("Outcome")}</th>
              <th scope="col" className="figures">
                {t("Records")}
              </th>
              <th scope="col">{t("Data from")}</th>
              <th scope="col">{t("When")}</th>
            </tr>
          </thead>
          <tbody>
            {runs.map((run) => (
              <tr key={run.id}>
                <th scope="row">
                  {run.tool} <span className="mono soft">{run.version}</span>
                </th>
                <td>
                  <State value={run.outcome} name={outcomeName(run.outcome)} />
                </td>
                <td className="figures">{numberOf(run.records)}</td>
                <td>
                  {run.database_date ? (
                    run.database_date.slice(0, 10)
                  ) : (
                    <span className="soft">{t("unknown")}</span>
                  )}
                </td>
                <td>
                  <When at={run.at} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
