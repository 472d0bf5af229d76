import { useQuery } from "@tanstack/react-query";
import { api, held } from "@/api/client";
import { problemFrom } from "@/api/problems";
import { ProblemView } from "@/pieces/ProblemView";
import { language, t } from "@/words/words";
import styles from "./policies.module.css";

/** What the YAML asks, said by the server as it understands it; or what is wrong with it. */
export function InWords({ source }: { source: string }) {
  const read = useQuery({
    queryKey: ["policies", "read", source, language()],
    enabled: source.trim() !== "",
    queryFn: () => held(api.POST("/api/v1/policies/read", { body: { source } })),
    retry: false,
    placeholderData: (before) => before,
  });
  if (!source.trim()) {
    return (
      <div className={styles.words}>
        <p className="soft">{t("What it asks stands here, in words.")}</p>
      </div>
    );
  }
  if (read.error) {
    return (
      <div>
        <ProblemView problem={problemFrom(read.error)} />
      </div>
    );
  }
  const said = read.data;
  if (!said) return null;
  return (
    <div className={styles.words} aria-live="polite">
      <section>
        <h2>{t("A finding is blocked when")}</h2>
        {said.rules.length === 0 ? (
          <p>{t("Never: this policy has no rules, so it lets everything through.")}</p>
        ) : (
          <ul>
            {said.rules.map((rule) => (
              <li key={rule.name}>
                <strong>{rule.name}</strong> <span className="soft">·</span>{" "}
                {sentence(rule.conditions)}
              </li>
            ))}
          </ul>
        )}
      </section>
      <section>
        <h2>{t("Besides")}</h2>
        <ul className={styles.terms}>
          {said.terms.map((term) => (
            <li key={term}>{term}</li>
          ))}
        </ul>
      </section>
    </div>
  );
}

/** Conditions one after another, as the language puts them together. */
export function sentence(conditions: string[]): string {
  return new Intl.ListFormat(language(), { type: "conjunction" }).format(conditions);
}
