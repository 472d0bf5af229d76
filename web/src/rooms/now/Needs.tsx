import { Button } from "@mantine/core";
import { Link } from "react-router";
import { Copyable } from "@/pieces/Copyable";
import { Severity } from "@/pieces/Severity";
import { upgrade } from "@/pieces/upgrade";
import { criticalityName, decisionName, exposureName } from "@/words/nouns";
import { t } from "@/words/words";
import styles from "./now.module.css";
import { type Need, reachOf, rowsOf, stepOf } from "./overview";

const FEW = 3; // reasons of a card; the finding has all of them

/** What to do first: one step each, the weightiest ahead. */
export function Needs({ needs }: { needs: Need[] }) {
  if (needs.length === 0) return null;
  const isUrgent = needs.some((need) => need.finding.decision === "act now");
  return (
    <section aria-label={t("What to do first")}>
      {!isUrgent && <p className={styles.lead}>{t("When you have time, this weighs most:")}</p>}
      <ol className={styles.needs}>
        {needs.map((need, at) => (
          <Card key={need.finding.id} need={need} isFirst={at === 0} />
        ))}
      </ol>
    </section>
  );
}

function Card({ need, isFirst }: { need: Need; isFirst: boolean }) {
  const { finding } = need;
  const { asset, component, rule, fix_version: version } = finding;
  const rows = rowsOf(need);
  const open = `${rows}&show=${finding.id}`;
  const command = component && version ? upgrade(component.type, component.name, version) : "";
  const isUpgrade = Boolean(component && version && asset);
  return (
    <li className={styles.need} data-decision={finding.decision}>
      <div className={styles.state}>
        <Severity value={finding.severity} />
        <span>{decisionName(finding.decision ?? "")}</span>
      </div>
      <div className={styles.what}>
        <h2>
          <Link to={open} title={stepOf(need)}>
            {stepOf(need)}
          </Link>
        </h2>
        <p className={styles.where}>
          <span className="mono">{rule?.name}</span>
          {asset && (
            <>
              {" "}
              {t("in")} <Link to={`/assets/${asset.id}`}>{asset.name}</Link>
            </>
          )}
          {asset && asset.exposure !== "unknown" && (
            <>
              {"\u00a0· "}
              <span>{exposureName(asset.exposure ?? "")}</span>
            </>
          )}
          {asset && asset.criticality !== "unknown" && (
            <>
              {"\u00a0· "}
              <span>{criticalityName(asset.criticality ?? "")}</span>
            </>
          )}
          {"\u00a0· "}
          <Link to={rows}>{reachOf(need)}</Link>
        </p>
        {need.reasons.length > 0 && (
          <ul className={styles.reasons} aria-label={t("Why")}>
            {need.reasons.slice(0, FEW).map((reason) => (
              <li key={reason.code + reason.text}>{reason.text}</li>
            ))}
          </ul>
        )}
        {command && <Copyable text={command} most={70} />}
      </div>
      <Button
        component={Link}
        size="sm"
        variant={isFirst && finding.decision === "act now" ? "filled" : "default"}
        className={styles.action ?? ""}
        to={isUpgrade ? `/assets/${asset?.id}?part=plan` : open}
      >
        {isUpgrade ? t("See the upgrade") : t("Open the finding")}
      </Button>
    </li>
  );
}
