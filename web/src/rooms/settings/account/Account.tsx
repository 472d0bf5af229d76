import { Page } from "@/pieces/Page";
import { t } from "@/words/words";
import styles from "../shared/settings.module.css";
import { Factor } from "./Factor";
import { Passkeys } from "./Passkeys";
import { Password } from "./Password";
import { Profile } from "./Profile";
import { Sessions } from "./Sessions";

/** What one sets for oneself. */
export default function Account() {
  return (
    <Page title={t("Your account")}>
      <div className={styles.cards}>
        <Profile />
        <Password />
        <Factor />
        <Passkeys />
        <Sessions />
      </div>
    </Page>
  );
}
