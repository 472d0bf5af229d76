import { Link } from "react-router";
import { RowLink } from "@/pieces/list/RowLink";
import { t } from "@/words/words";
import styles from "./scans.module.css";
import { didOf, type Said } from "./summaries";

interface Props {
  said: Said;
  /** The import that did it, "" where it is not known: its rows cannot be asked for then. */
  importId: string;
  /** In a row of a list: the two that matter most, in a line. */
  inRow?: boolean;
}

/** How many findings it made, closed and saw again; each number leads to them. */
export function Did({ said, importId, inRow = false }: Props) {
  const all = [
    { said: t("{count} new", { count: said.fresh }), to: didOf("new_in", importId) },
    { said: t("{count} fixed", { count: said.closed }), to: didOf("closed_in", importId) },
    { said: t("{count} reopened", { count: said.reopened }), to: didOf("reopened_in", importId) },
  ];
  const shown = inRow && said.reopened === 0 ? all.slice(0, 2) : all;
  const To = inRow ? RowLink : Link;
  return (
    <span className={inRow ? styles.gist : styles.counts}>
      {shown.map((one) =>
        importId ? (
          <To key={one.to} to={one.to}>
            {one.said}
          </To>
        ) : (
          <span key={one.said}>{one.said}</span>
        ),
      )}
    </span>
  );
}
