import { useQuery } from "@tanstack/react-query";
import { api, held } from "@/api/client";
import { problemFrom } from "@/api/problems";
import { Page } from "@/pieces/Page";
import { ProblemView } from "@/pieces/ProblemView";
import { State } from "@/pieces/State";
import { Waiting } from "@/pieces/Waiting";
import { t } from "@/words/words";
import styles from "../shared/settings.module.css";
import { byResource, resourceName, roleName, roleSays, verbName } from "./roles";

/** What each role may do: one line a thing, one column a role. */
export default function Roles() {
  const found = useQuery({
    queryKey: ["roles"],
    queryFn: () => held(api.GET("/api/v1/roles")),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const roles = found.data?.roles ?? [];
  const all = [...new Set(roles.flatMap((role) => role.permissions))].sort();
  const allowed = new Map(roles.map((role) => [role.name, new Set(role.permissions)]));
  return (
    <Page title={t("Roles")}>
      <p className="soft">
        {t("A person has one role in each tenant. Nobody gives a role above their own.")}
      </p>
      {found.error ? (
        <ProblemView problem={problemFrom(found.error)} again={() => void found.refetch()} />
      ) : found.data ? (
        <section className={styles.scroll} tabIndex={0} aria-label={t("What each role may do")}>
          <table className={`${styles.table} ${styles.matrix}`}>
            <thead>
              <tr>
                <th scope="col">{t("What it is about")}</th>
                {roles.map((role) => (
                  <th key={role.name} scope="col">
                    <span title={roleSays(role.name)}>{roleName(role.name)}</span>
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {byResource(all).map(([resource, verbs]) => (
                <tr key={resource}>
                  <th scope="row">{resourceName(resource)}</th>
                  {roles.map((role) => (
                    <td key={role.name}>
                      <May
                        all={verbs}
                        allowed={verbs.filter((verb) =>
                          allowed.get(role.name)?.has(`${resource}:${verb}`),
                        )}
                      />
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      ) : (
        <Waiting />
      )}
      <ul>
        {roles.map((role) => (
          <li key={role.name}>
            <strong>{roleName(role.name)}</strong>
            <br />
            {roleSays(role.name)}
          </li>
        ))}
      </ul>
    </Page>
  );
}

/** What a role may do with one thing, in words; all of it has a tick besides. */
function May({ all, allowed }: { all: string[]; allowed: string[] }) {
  if (allowed.length === 0) {
    return (
      <span className="soft">
        <span aria-hidden>–</span>
        <span className="visually-hidden">{t("nothing")}</span>
      </span>
    );
  }
  const words = allowed.map(verbName).join(", ");
  return allowed.length === all.length ? <State value="done" name={words} /> : <span>{words}</span>;
}
