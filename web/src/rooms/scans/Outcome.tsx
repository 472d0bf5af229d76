import { Link } from "react-router";
import { DrawerSection } from "@/pieces/Drawer";
import { numberOf, t, tn } from "@/words/words";
import { Did } from "./Did";
import styles from "./scans.module.css";
import type { Said } from "./summaries";

/** What it changed, asset by asset, and what it could not see. */
export function Outcome({ said, importId }: { said: Said; importId: string }) {
  return (
    <>
      {said.error && <Failure error={said.error} />}
      {!said.error && !said.isVex && (
        <DrawerSection title={t("What it changed")}>
          <p>
            <Did said={said} importId={importId} />
          </p>
          {!said.isWhole && (
            <p className={styles.unknown}>
              {t("Not everything was looked at. What was not is unknown, not safe.")}
            </p>
          )}
          <ul className={styles.assets}>
            {said.assets.slice(0, 50).map((asset) => (
              <li key={asset.id}>
                <Link to={`/assets/${asset.id}`}>{asset.name}</Link>{" "}
                <Link to={`/findings?asset_id=${asset.id}&counts=true&sort=-score`}>
                  {tn(asset.counting, "{count} open finding", "{count} open findings")}
                </Link>
              </li>
            ))}
          </ul>
          {said.assets.length > 50 && (
            <p className="soft">{t("{count} more", { count: said.assets.length - 50 })}</p>
          )}
        </DrawerSection>
      )}
      {said.isVex && (
        <DrawerSection title={t("What it changed")}>
          <p>
            {t("It holds statements about findings (VEX).")}{" "}
            <Link to="/suppressions">{t("See what was decided")}</Link>
          </p>
        </DrawerSection>
      )}
      {said.problems.length > 0 && (
        <DrawerSection title={t("What it could not see")} count={said.problemCount}>
          <ul className={styles.troubles}>
            {said.problems.map((one, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: the list never changes
              <li key={at}>
                <strong>{one.tool}</strong> {one.message}
                {one.hint && <p className="soft">{one.hint}</p>}
              </li>
            ))}
          </ul>
          {said.problemCount > said.problems.length && (
            <p className="soft">
              {t("{count} more", { count: numberOf(said.problemCount - said.problems.length) })}
            </p>
          )}
        </DrawerSection>
      )}
    </>
  );
}

/** Why nothing came of it, and what to do. */
export function Failure({ error }: { error: { message: string; hint: string } }) {
  return (
    <section className={styles.failure} role="alert">
      <strong>{error.message}</strong>
      {error.hint && <p>{error.hint}</p>}
    </section>
  );
}
