import { Button } from "@mantine/core";
import { useState } from "react";
import { Link } from "react-router";
import { api, held, type Shape } from "@/api/client";
import { type Problem, problemFrom } from "@/api/problems";
import { useSession } from "@/api/session";
import { ProblemView } from "@/pieces/ProblemView";
import { Severity } from "@/pieces/Severity";
import { SEVERITIES } from "@/words/nouns";
import { numberOf, t, tn } from "@/words/words";
import styles from "./policies.module.css";

const MOST = 200; // assets that a gate judges at once
const SHOWN = 100;

interface Outcome {
  source: string;
  answer: Shape<"GateAnswer">;
  assets: number;
  all: number;
}

/** What the policy would do with today's findings; nothing is kept. */
export function Tried({ source }: { source: string }) {
  const { can } = useSession();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const [outcome, setOutcome] = useState<Outcome>();
  if (!can("gates:read") || !can("assets:read")) return null;
  const attempt = async () => {
    setBusy(true);
    setProblem(undefined);
    try {
      setOutcome(await tried(source));
    } catch (thrown) {
      setOutcome(undefined);
      setProblem(problemFrom(thrown));
    } finally {
      setBusy(false);
    }
  };
  return (
    <section className={styles.tried}>
      <h2>{t("What it would do today")}</h2>
      <Button
        size="sm"
        variant="default"
        loading={busy}
        disabled={!source.trim()}
        onClick={() => void attempt()}
      >
        {t("Try it on today's findings")}
      </Button>
      {problem && <ProblemView problem={problem} />}
      <div aria-live="polite">
        {outcome && outcome.source !== source && (
          <p className="soft">{t("The policy has changed since; try it again.")}</p>
        )}
        {outcome && <Verdict outcome={outcome} />}
      </div>
    </section>
  );
}

/** Judge the assets that were looked at last; undefined when there are none. */
async function tried(source: string): Promise<Outcome> {
  const query = { fields: "id", archived: "false", sort: "-last_seen", limit: MOST } as const;
  const found = await held(api.GET("/api/v1/assets", { params: { query } }));
  const assets = found.items.map((one) => one.id ?? "");
  const answer = await held(api.POST("/api/v1/gates", { body: { assets, source } as Question }));
  return { source, answer, assets: assets.length, all: found.total };
}

type Question = Shape<"GateQuestion">;

function Verdict({ outcome }: { outcome: Outcome }) {
  const { answer, assets, all } = outcome;
  const blocked = answer.rulings.filter((one) => one.blocks);
  const passed = answer.rulings.filter((one) => !one.blocks);
  return (
    <>
      <div className={styles.verdict} data-outcome={answer.outcome}>
        <strong>{verdictName(answer.outcome)}</strong>
        <span>{tn(blocked.length, "{count} reason", "{count} reasons")}</span>
        <Link to="/findings?counts=true&sort=-score">
          {tn(answer.findings, "{count} finding judged", "{count} findings judged")}
        </Link>
        <Link to="/assets?archived=false&sort=-last_seen">
          {tn(assets, "in {count} asset", "in {count} assets")}
        </Link>
        {SEVERITIES.filter((one) => answer.by_severity[one]).map((one) => (
          <Link key={one} to={`/findings?counts=true&severity=${one}&sort=-score`}>
            <Severity value={one} /> {numberOf(answer.by_severity[one] ?? 0)}
          </Link>
        ))}
      </div>
      {all > assets && (
        <p className="soft">
          {t("Only the {assets} assets that were seen last were judged, of {all}.", {
            assets,
            all,
          })}
        </p>
      )}
      {blocked.length > 0 && <Rulings title={t("What would fail, and why")} rulings={blocked} />}
      {passed.length > 0 && <Rulings title={t("Let through by a waiver")} rulings={passed} />}
    </>
  );
}

/** A ruling is about a finding, or about a package, a scanner, an import. */
const isFinding = (subject: string) => /^[0-9a-f]{32,}$/.test(subject);

function Rulings({ title, rulings }: { title: string; rulings: Shape<"GateRuling">[] }) {
  return (
    <>
      <h3>
        {title} <span className="soft">{numberOf(rulings.length)}</span>
      </h3>
      <ul className={styles.rulings}>
        {rulings.slice(0, SHOWN).map((one) => (
          <li key={`${one.rule} ${one.subject} ${one.text}`}>
            <strong>
              {isFinding(one.subject) ? (
                <Link to={`/findings?fingerprint=${one.subject}&sort=-score`}>{one.text}</Link>
              ) : (
                one.text
              )}
            </strong>
            {one.remedy && <p>{one.remedy}</p>}
            {one.waiver && <p>{t("Waiver {name}", { name: one.waiver })}</p>}
          </li>
        ))}
      </ul>
      {rulings.length > SHOWN && (
        <p className="soft">{t("{count} more", { count: rulings.length - SHOWN })}</p>
      )}
    </>
  );
}

function verdictName(outcome: string): string {
  if (outcome === "pass") return t("It would pass");
  return outcome === "fail" ? t("It would fail") : t("It could not decide");
}
