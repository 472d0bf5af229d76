import { Button, NumberInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, held } from "@/api/client";
import { problemFrom } from "@/api/problems";
import { useSession } from "@/api/session";
import { ProblemView } from "@/pieces/ProblemView";
import { toast } from "@/pieces/Toasts";
import { Waiting } from "@/pieces/Waiting";
import { When } from "@/pieces/When";
import { numberOf, t, tn } from "@/words/words";
import { Card } from "../shared/Card";
import { useAttempt } from "../shared/Dialog";
import styles from "../shared/settings.module.css";
import { CLAUSES, changedDays, nounName } from "./retention";
import { useSaving } from "./saving";
import type { Kept } from "./TenantSettings";

/** How long each noun is kept, and what goes with the next sweep. */
export function Retention({ kept }: { kept: Kept }) {
  const { can } = useSession();
  const save = useSaving(kept);
  const [days, setDays] = useState<Record<string, number | undefined>>({});
  const { busy, problem, attempt } = useAttempt();
  const found = useQuery({
    queryKey: ["retention", "preview"],
    queryFn: () => held(api.GET("/api/v1/retention/preview")),
  });
  const own = kept.settings.retention ?? {};
  const wanted = changedDays(own, days);
  return (
    <Card title={t("How long things are kept")}>
      <p className="soft">
        {t(
          "A tenant may shorten what the operator demands, never lengthen it. Once a day a job deletes what was kept long enough.",
        )}
      </p>
      {found.error ? (
        <ProblemView problem={problemFrom(found.error)} again={() => void found.refetch()} />
      ) : !found.data ? (
        <Waiting />
      ) : (
        <section className={styles.scroll} tabIndex={0} aria-label={t("How long things are kept")}>
          <table className={styles.table}>
            <thead>
              <tr>
                <th scope="col">{t("What")}</th>
                <th scope="col">{t("Kept for")}</th>
                <th scope="col">{t("Days of this tenant")}</th>
                <th scope="col" className={styles.number}>
                  {t("To be deleted")}
                </th>
                <th scope="col">{t("Oldest of these")}</th>
              </tr>
            </thead>
            <tbody>
              {found.data.map((due) => (
                <tr key={due.noun}>
                  <th scope="row">{nounName(due.noun)}</th>
                  <td>
                    {due.days === null || due.days === undefined
                      ? t("for ever")
                      : tn(due.days, "{count} day", "{count} days")}
                  </td>
                  <td>
                    {CLAUSES.has(due.noun) && (
                      <NumberInput
                        size="xs"
                        w={96}
                        aria-label={t("Days for: {name}", { name: nounName(due.noun) })}
                        placeholder={t("operator's")}
                        min={7}
                        max={36500}
                        allowDecimal={false}
                        disabled={!can("settings:write")}
                        value={days[due.noun] ?? (due.noun in days ? "" : (own[due.noun] ?? ""))}
                        onChange={(next) =>
                          setDays({ ...days, [due.noun]: next === "" ? undefined : Number(next) })
                        }
                      />
                    )}
                  </td>
                  <td className={styles.number}>
                    {due.count > 0 ? (
                      <strong>{numberOf(due.count)}</strong>
                    ) : (
                      <span className="soft">0</span>
                    )}
                  </td>
                  <td>{due.oldest ? <When at={due.oldest} /> : <span className="soft">–</span>}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
      {problem && <ProblemView problem={problem} />}
      {can("settings:write") && (
        <div className={styles.row}>
          <Button
            loading={busy}
            disabled={wanted === undefined}
            onClick={() =>
              void attempt(async () => {
                await save({ retention: wanted ?? own });
                toast({
                  said: t("Saved; see what will be deleted"),
                });
              })
            }
          >
            {t("Save the days")}
          </Button>
        </div>
      )}
    </Card>
  );
}
