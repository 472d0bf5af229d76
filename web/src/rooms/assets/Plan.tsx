import { useQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import { api, held, type Shape } from "@/api/client";
import { problemFrom } from "@/api/problems";
import { useSession } from "@/api/session";
import { Copyable } from "@/pieces/Copyable";
import { Empty } from "@/pieces/Empty";
import { ProblemView } from "@/pieces/ProblemView";
import { OpenTicket } from "@/pieces/tickets/OpenTicket";
import { TicketList } from "@/pieces/tickets/TicketList";
import { isGone, type Ticket, useTickets } from "@/pieces/tickets/tickets";
import { upgrade } from "@/pieces/upgrade";
import { Waiting } from "@/pieces/Waiting";
import { language, numberOf, t, tn } from "@/words/words";
import styles from "./assets.module.css";
import { Counts } from "./Counts";

type Step = Shape<"PlanStep">;
const MOST = 100; // ids that the API takes at once

/** Upgrades, the most useful first: what each clears, and how to make it. */
export function Plan({ id }: { id: string }) {
  const found = useQuery({
    queryKey: ["plans", id, language()],
    queryFn: () => held(api.GET("/api/v1/plans", { params: { query: { asset_id: id } } })),
  });
  const { can } = useSession();
  const tickets = useTickets({ subject_kind: "upgrade", subject_id: id }, can("tickets:read"));
  const plan = found.data;
  if (found.error) {
    return <ProblemView problem={problemFrom(found.error)} again={() => void found.refetch()} />;
  }
  if (!plan) return <Waiting />;
  if (plan.steps.length === 0) {
    return (
      <Empty title={t("No upgrade would clear anything")}>
        <p>
          {plan.remains.length > 0
            ? t("What is open has no known fix, or none that a version brings.")
            : t("No known vulnerability of a package is open here.")}
        </p>
      </Empty>
    );
  }
  return (
    <div className={styles.stack}>
      {plan.before && plan.after && (
        <p className={styles.outlook}>
          <span>
            {t("Now")} <Counts asset={id} counts={plan.before.by_severity} />
          </span>
          <span aria-hidden>→</span>
          <span>
            {t("After all of them")} <Counts counts={plan.after.by_severity} />
          </span>
        </p>
      )}
      <ol className={styles.steps}>
        {plan.steps.map((step) => (
          <StepCard
            key={`${step.component.type}/${step.component.name}/${step.component.version}`}
            asset={id}
            step={step}
            tickets={tickets.data?.items.filter((one) => isAbout(one, step)) ?? []}
          />
        ))}
      </ol>
      {plan.remains.length > 0 && (
        <details className={styles.panel}>
          <summary>
            {tn(
              plan.remains.length,
              "{count} finding stays whatever is upgraded",
              "{count} findings stay whatever is upgraded",
            )}
          </summary>
          <Remains found={plan.remains} />
        </details>
      )}
    </div>
  );
}

const isAbout = ({ package: named }: Ticket, { component }: Step) =>
  named?.type === component.type && named?.name === component.name;

function StepCard({ asset, step, tickets }: { asset: string; step: Step; tickets: Ticket[] }) {
  const { component, version } = step;
  const packages = step.packages.length > 0 ? step.packages : [component.name];
  const commands = packages.map((name) => upgrade(component.type, name, version));
  const isWhole = commands.every(Boolean);
  return (
    <li className={styles.panel}>
      <div className={styles.stepHead}>
        <h2>{step.action}</h2>
        <span className="soft">{jumpName(step.jump)}</span>
        <Link to={rowsOf(step.clears)} className={styles.clears}>
          {tn(step.clears.length, "clears {count} finding", "clears {count} findings")}
        </Link>
      </div>
      {isWhole && <Copyable block text={commands.join("\n")} />}
      {step.moves.length > 1 && (
        <p className="soft">{step.moves.map((move) => `${move.from} → ${move.to}`).join(" · ")}</p>
      )}
      {step.choices.length > 0 && (
        <p className="soft">
          {t("Or a smaller step:")}{" "}
          {step.choices
            .map((one) =>
              t("{version} clears {count}", {
                version: one.version,
                count: numberOf(one.clears),
              }),
            )
            .join(" · ")}
        </p>
      )}
      {step.stays.length > 0 && (
        <details>
          <summary>
            {tn(step.stays.length, "{count} stays all the same", "{count} stay all the same")}
          </summary>
          <Remains found={step.stays} />
        </details>
      )}
      <TicketList tickets={tickets} />
      {tickets.every(isGone) && (
        <OpenTicket
          subject={{ asset_id: asset, package: { type: component.type, name: component.name } }}
        />
      )}
    </li>
  );
}

/** Where these findings are listed. */
function rowsOf(ids: string[]): string {
  return `/findings?id=${ids.slice(0, MOST).join(",")}&sort=-score`;
}

/** Findings that stay, by the reason that they have in common. */
function Remains({ found }: { found: Shape<"PlanRemainder">[] }) {
  const by = new Map<string, string[]>();
  for (const one of found) by.set(one.reason, [...(by.get(one.reason) ?? []), one.finding_id]);
  return (
    <ul className={styles.remains}>
      {[...by].map(([reason, ids]) => (
        <li key={reason}>
          <Link to={rowsOf(ids)}>{tn(ids.length, "{count} finding", "{count} findings")}</Link>
          {": "}
          {reason}
        </li>
      ))}
    </ul>
  );
}

function jumpName(jump: string): string {
  const names: Record<string, string> = {
    patch: t("small step"),
    minor: t("middling step"),
    major: t("big step: read its release notes"),
  };
  return names[jump] ?? "";
}
