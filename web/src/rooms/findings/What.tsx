import { Link } from "react-router";
import { Copyable } from "@/pieces/Copyable";
import { DrawerSection, Facts } from "@/pieces/Drawer";
import { When } from "@/pieces/When";
import { flagName } from "@/words/nouns";
import { numberOf, percentOf, t } from "@/words/words";
import type { Detail } from "./FindingDrawer";
import styles from "./findings.module.css";

/** What it is, where, and since when. */
export function What({ finding }: { finding: Detail }) {
  const { rule, asset, component } = finding;
  return (
    <DrawerSection title={t("What and where")}>
      {rule?.title && rule.title !== rule.name && <p className={styles.lead}>{rule.title}</p>}
      {rule?.description && rule.description !== rule.title && (
        <details className={styles.more}>
          <summary>{t("Description")}</summary>
          <p>{rule.description}</p>
        </details>
      )}
      <Facts
        facts={[
          [t("Asset"), asset?.id && <Link to={`/assets?show=${asset.id}`}>{asset.name}</Link>],
          [
            t("Component"),
            component && (
              <Copyable text={component.purl || `${component.name} ${component.version}`} />
            ),
          ],
          [t("Place"), finding.place && <Copyable text={finding.place} />],
          [t("Also known as"), rule?.aliases?.join(", ")],
          [t("Weaknesses"), rule?.weaknesses?.join(", ")],
          [t("First seen"), <When key="first" at={finding.first_seen} />],
          [t("Last seen"), <When key="last" at={finding.last_seen} />],
          [t("Closed"), finding.closed_at && <When at={finding.closed_at} />],
          [t("Reopened"), finding.reopened ? numberOf(finding.reopened) : ""],
          [
            t("Score"),
            typeof finding.score === "number"
              ? numberOf(finding.score, { maximumFractionDigits: 0 })
              : t("Unknown"),
          ],
          [t("Known to be exploited"), flagName(String(finding.kev))],
          [t("EPSS"), typeof finding.epss === "number" ? percentOf(finding.epss) : t("Unknown")],
          [t("Owner"), asset?.owner],
          [t("Taken care of by"), finding.assignee],
          [t("Said by"), finding.sources?.join(", ")],
        ]}
      />
      <References found={rule?.references ?? []} />
    </DrawerSection>
  );
}

/** Only http(s) becomes a link: a report may name anything. */
function References({ found }: { found: string[] }) {
  const links = found.filter((one) => /^https?:\/\//i.test(one)).slice(0, 20);
  if (links.length === 0) return null;
  return (
    <details className={styles.more}>
      <summary>{t("References")}</summary>
      <ul>
        {links.map((one) => (
          <li key={one}>
            <a href={one} target="_blank" rel="noreferrer noopener">
              {one}
            </a>
          </li>
        ))}
      </ul>
    </details>
  );
}
