import { Copyable } from "@/pieces/Copyable";
import { t } from "@/words/words";
import styles from "./sign-on.module.css";

/** What has to be done at the provider before it is said to Vigie. */
export function AtProvider({ redirect }: { redirect: string }) {
  return (
    <ol className={styles.steps}>
      <li>
        {t(
          "At the provider, register Vigie as a confidential web client with the authorization code flow and PKCE.",
        )}
      </li>
      <li>
        {t("Give it this redirect address:")}
        <Copyable text={redirect} block />
      </li>
      <li>
        {t("Have it put people's groups into the ID token or the user information, as names.")}
      </li>
    </ol>
  );
}
