import { useQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import { problemFrom } from "@/api/problems";
import { Page } from "@/pieces/Page";
import { ProblemView } from "@/pieces/ProblemView";
import { Waiting } from "@/pieces/Waiting";
import { t, tn } from "@/words/words";
import { Changed } from "./Changed";
import { Coverage } from "./Coverage";
import { Fresh } from "./Fresh";
import { Needs } from "./Needs";
import styles from "./now.module.css";
import { isFresh, OVERVIEW, type Overview, sentenceOf } from "./overview";
import { Risk } from "./Risk";

/** What to do first, and why; then what changed, how the risk moves, what nobody looked at. */
export default function NowRoom() {
  const asked = useQuery(OVERVIEW);
  const overview = asked.data;
  if (!overview) {
    return (
      <Page title={t("Now")}>
        {asked.error ? (
          <ProblemView problem={problemFrom(asked.error)} again={() => void asked.refetch()} />
        ) : (
          <Waiting />
        )}
      </Page>
    );
  }
  if (isFresh(overview)) return <Fresh />;
  return (
    <Page title={sentenceOf(overview)}>
      <Numbers overview={overview} />
      <div className={styles.columns}>
        <div className={styles.main}>
          <Needs needs={overview.needs} />
          <Risk risk={overview.risk} />
        </div>
        <div className={styles.aside}>
          <Changed overview={overview} />
          <Coverage overview={overview} />
        </div>
      </div>
    </Page>
  );
}

/** Every number leads to its rows. */
function Numbers({ overview }: { overview: Overview }) {
  const { total, by_decision: by } = overview.counts;
  const rest = "&counts=true&sort=-score";
  return (
    <p className={styles.numbers}>
      <Link to="/findings?counts=true&sort=-score">
        {tn(total, "{count} open finding", "{count} open findings")}
      </Link>
      <span className="soft">·</span>
      <Link to={`/findings?decision=act now${rest}`}>
        {t("{count} to act on now", { count: by["act now"] ?? 0 })}
      </Link>
      <span className="soft">·</span>
      <Link to={`/findings?decision=plan${rest}`}>
        {t("{count} to plan", { count: by.plan ?? 0 })}
      </Link>
    </p>
  );
}
