import { useQuery } from "@tanstack/react-query";
import { Check } from "lucide-react";
import { api, held } from "@/api/client";
import { problemFrom } from "@/api/problems";
import { Page } from "@/pieces/Page";
import { ProblemView } from "@/pieces/ProblemView";
import { Waiting } from "@/pieces/Waiting";
import { t } from "@/words/words";
import styles from "../shared/settings.module.css";
import { byResource, resourceName, roleName, roleSays, verbName } from "./roles";

/** What each role may do: one line a permission, one column a role. */
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
          <table className={styles.table}>
            <thead>
              <tr>
                <th scope="col">{t("May")}</th>
                {roles.map((role) => (
                  <th key={role.name} scope="col" className={styles.middle}>
                    <span title={roleSays(role.name)}>{roleName(role.name)}</span>
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {byResource(all).map(([resource, verbs]) =>
                verbs.map((verb) => (
                  <tr key={`${resource}:${verb}`}>
                    <th scope="row">
                      {resourceName(resource)} <span className="soft">{verbName(verb)}</span>
                    </th>
                    {roles.map((role) => (
                      <td key={role.name} className={styles.middle}>
                        {allowed.get(role.name)?.has(`${resource}:${verb}`) ? (
                          <>
                            <Check size={15} aria-hidden className={styles.fine} />
                            <span className="visually-hidden">{t("Yes")}</span>
                          </>
                        ) : (
                          <span className="visually-hidden">{t("No")}</span>
                        )}
                      </td>
                    ))}
                  </tr>
                )),
              )}
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
