import type { ReactNode } from "react";
import { Link } from "react-router";

/** A link in a row that opens by itself: it leads elsewhere, and the row stays shut. Tab passes it,
 * as it does all of the grid; what the row opens has it too. */
export function RowLink({ to, children }: { to: string; children: ReactNode }) {
  return (
    <Link to={to} tabIndex={-1} onClick={(event) => event.stopPropagation()}>
      {children}
    </Link>
  );
}
