import { TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, held } from "@/api/client";
import { problemFrom } from "@/api/problems";
import { useSession } from "@/api/session";
import { Empty } from "@/pieces/Empty";
import { Page } from "@/pieces/Page";
import { ProblemView } from "@/pieces/ProblemView";
import { Severity } from "@/pieces/Severity";
import { Waiting } from "@/pieces/Waiting";
import { When } from "@/pieces/When";
import { severityName } from "@/words/nouns";
import { numberOf, percentOf, t, tn } from "@/words/words";
import styles from "./fleet.module.css";
import { SHOWN, shareOf, type Tenant, worstFirst } from "./order";

const MANY = 7; // tenants, from which on one wants to look for a name

/** Every tenant that one may enter, the worst first; each number leads to the rows behind it. */
export default function Fleet() {
  const [wanted, setWanted] = useState("");
  const found = useQuery({
    queryKey: ["fleet"],
    queryFn: () => held(api.GET("/api/v1/fleet")),
  });
  const all = found.data?.tenants ?? [];
  const word = wanted.trim().toLocaleLowerCase();
  const shown = worstFirst(all.filter((one) => one.name.toLocaleLowerCase().includes(word)));
  const waits = all.filter((one) => one.act_now > 0).length;
  return (
    <Page
      title={t("Fleet")}
      aside={<span className={styles.total}>{found.data && numberOf(found.data.total)}</span>}
    >
      {found.error ? (
        <ProblemView problem={problemFrom(found.error)} again={() => void found.refetch()} />
      ) : !found.data ? (
        <Waiting />
      ) : all.length === 0 ? (
        <Empty title={t("There is no tenant that you may enter")}>
          {t("Ask an owner of a tenant to invite you.")}
        </Empty>
      ) : (
        <>
          <p className={styles.sentence}>
            {waits === 0
              ? t("No tenant has a finding that calls for action now.")
              : tn(
                  waits,
                  "{count} tenant has findings that call for action now.",
                  "{count} tenants have findings that call for action now.",
                )}
          </p>
          {all.length > MANY && (
            <TextInput
              className={styles.look ?? ""}
              aria-label={t("Look for a tenant")}
              placeholder={t("Look for a tenant")}
              value={wanted}
              onChange={(event) => setWanted(event.currentTarget.value)}
            />
          )}
          <Table tenants={shown} />
        </>
      )}
    </Page>
  );
}

function Table({ tenants }: { tenants: Tenant[] }) {
  const { enter } = useSession();
  return (
    <section className={styles.scroll} tabIndex={0} aria-label={t("Tenants side by side")}>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">{t("Tenant")}</th>
            <th scope="col" className={styles.number}>
              {t("Act now")}
            </th>
            {SHOWN.map((severity) => (
              <th key={severity} scope="col" className={styles.number}>
                <Severity value={severity} />
              </th>
            ))}
            <th scope="col">{t("Coverage")}</th>
            <th scope="col">{t("Last looked at")}</th>
          </tr>
        </thead>
        <tbody>
          {tenants.map((one) => (
            <tr key={one.id}>
              <th scope="row">
                <button type="button" title={one.name} onClick={() => enter(one.id)}>
                  {one.name}
                </button>
              </th>
              <td className={styles.number}>
                <Count
                  tenant={one}
                  number={one.act_now}
                  says={t("Act now")}
                  place="/findings?counts=true&decision=act now&sort=-score"
                />
              </td>
              {SHOWN.map((severity) => (
                <td key={severity} className={styles.number}>
                  <Count
                    tenant={one}
                    number={one.by_severity[severity] ?? 0}
                    says={severityName(severity)}
                    place={`/findings?counts=true&severity=${severity}&sort=-score`}
                  />
                </td>
              ))}
              <td>
                <Coverage tenant={one} />
              </td>
              <td>
                <When at={one.looked_at} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Count(props: { tenant: Tenant; number: number; says: string; place: string }) {
  const { tenant, number, says, place } = props;
  const { enter } = useSession();
  // Nothing found where nothing was looked at is unknown, not nought.
  if (number === 0) return <span className="soft">{tenant.looked_at ? "0" : "?"}</span>;
  return (
    <button
      type="button"
      aria-label={`${tenant.name}, ${says}: ${numberOf(number)}`}
      onClick={() => enter(tenant.id, place)}
    >
      {numberOf(number)}
    </button>
  );
}

/** Of those that were looked at too long ago the first screen tells, beside these. */
const NEVER = "/assets?archived=false&looked_at_ever=false&sort=-last_seen";

function Coverage({ tenant }: { tenant: Tenant }) {
  const { enter } = useSession();
  const share = shareOf(tenant);
  if (share === undefined)
    return <span className={styles.unknown}>? {t("Nothing to look at yet")}</span>;
  const open = tenant.never + tenant.stale;
  const said = tn(open, "{count} not looked at", "{count} not looked at");
  return (
    <span
      className={styles.coverage}
      title={t("{assessed} of {assets} assets looked at lately, {never} never", {
        assessed: tenant.assessed,
        assets: tenant.assets,
        never: tenant.never,
      })}
    >
      <span className={styles.bar} aria-hidden>
        <span style={{ width: `${share * 100}%` }} />
      </span>
      {percentOf(share)}
      {open > 0 && (
        <button
          type="button"
          aria-label={`${tenant.name}: ${said}`}
          onClick={() => enter(tenant.id, tenant.stale === 0 ? NEVER : "/")}
        >
          {said}
        </button>
      )}
    </span>
  );
}
