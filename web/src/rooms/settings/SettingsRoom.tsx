import { Link } from "react-router";
import { useSession } from "@/api/session";
import { Page } from "@/pieces/Page";
import { t } from "@/words/words";
import { PLACES } from "./places";
import styles from "./shared/settings.module.css";

/** Everything that can be set, and what each is for. What one may not see is not there. */
export default function SettingsRoom() {
  const { can } = useSession();
  return (
    <Page title={t("Settings")}>
      <ul className={styles.places}>
        {PLACES.filter((place) => !place.permission || can(place.permission)).map((place) => (
          <li key={place.path}>
            <Link to={place.path}>
              <place.icon size={18} aria-hidden />
              <span>
                <strong>{place.title()}</strong>
                <span className="soft">{place.says()}</span>
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </Page>
  );
}
