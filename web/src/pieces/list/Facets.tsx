import { Checkbox } from "@mantine/core";
import { memo, useState } from "react";
import { numberOf, t } from "@/words/words";
import styles from "./Facets.module.css";
import { toggled } from "./query";
import type { Facet, PageOf } from "./types";

const FEW = 7;
const ROW = 1.45; // rem

interface Props {
  facets: Facet[];
  counts: PageOf<unknown>["facets"] | undefined;
  address: URLSearchParams;
  onAddress: (next: URLSearchParams) => void;
}

/** How many rows each value has under all other filters, and a switch for each. They are many:
 * a key that moves the cursor does not draw them anew. What `onAddress` does hangs on the address. */
export const Facets = memo(
  Drawn,
  (was, is) => was.facets === is.facets && was.counts === is.counts && was.address === is.address,
);

function Drawn({ facets, counts, address, onAddress }: Props) {
  return (
    <nav className={styles.facets} aria-label={t("Narrow down")}>
      {facets.map((facet) => (
        <One
          key={facet.field}
          facet={facet}
          counts={counts?.[facet.field]}
          address={address}
          onAddress={onAddress}
        />
      ))}
    </nav>
  );
}

function One({
  facet,
  counts,
  address,
  onAddress,
}: Omit<Props, "facets" | "counts"> & {
  facet: Facet;
  counts: { value: string; count: number }[] | undefined;
}) {
  const [all, setAll] = useState(false);
  const chosen = new Set((address.get(facet.field) ?? "").split(",").filter(Boolean));
  const values = ordered(facet, counts ?? [], chosen);
  const shown = all ? values : values.slice(0, FEW);
  if (counts && values.length === 0) return null;
  return (
    <fieldset className={styles.facet}>
      <legend>{facet.title}</legend>
      {!counts && (
        <div
          className={styles.waiting}
          style={{ height: `${ROW * Math.min(facet.order?.length ?? 3, FEW)}rem` }}
          aria-hidden
        />
      )}
      {shown.map(({ value, count }) => {
        const name = facet.name?.(value) ?? (value || t("(none)"));
        return (
          <label key={value} className={styles.value} title={name}>
            <Checkbox
              size="xs"
              checked={chosen.has(value)}
              onChange={() => onAddress(toggled(address, facet.field, value))}
              disabled={value === ""}
            />
            <span className={styles.name}>{facet.show?.(value) ?? name}</span>
            <span className="figures soft">{numberOf(count)}</span>
          </label>
        );
      })}
      {values.length > FEW && (
        <button type="button" onClick={() => setAll(!all)}>
          {all ? t("Show fewer") : t("{count} more", { count: values.length - FEW })}
        </button>
      )}
    </fieldset>
  );
}

function ordered(facet: Facet, counts: { value: string; count: number }[], chosen: Set<string>) {
  const here = new Set(counts.map((one) => one.value));
  const gone = [...chosen]
    .filter((value) => !here.has(value))
    .map((value) => ({ value, count: 0 }));
  const rank = (value: string) => {
    const at = facet.order?.indexOf(value) ?? -1;
    return at < 0 ? 1000 : at;
  };
  return [...counts, ...gone].sort((a, b) => rank(a.value) - rank(b.value) || b.count - a.count);
}
