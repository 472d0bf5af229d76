import { ExternalLink } from "lucide-react";
import { When } from "@/pieces/When";
import { t } from "@/words/words";
import type { Ticket } from "./tickets";
import styles from "./tickets.module.css";

/** Tickets, each with the way to it and how it stands over there. */
export function TicketList({ tickets }: { tickets: Ticket[] }) {
  if (tickets.length === 0) return null;
  return (
    <ul className={styles.tickets}>
      {tickets.map((ticket) => (
        <li key={ticket.id}>
          <TicketName ticket={ticket} />
          <span className="soft">
            {stateName(ticket)} · <When at={ticket.created_at} />
          </span>
          {ticket.error && (
            <p role="status">
              {ticket.error.message} <span className="soft">{ticket.error.hint}</span>
            </p>
          )}
        </li>
      ))}
    </ul>
  );
}

/** Only http(s) becomes a link: the address is what another system said. */
function TicketName({ ticket }: { ticket: Ticket }) {
  const name = ticket.title || t("Ticket");
  if (!/^https?:\/\//i.test(ticket.url)) return <strong>{name}</strong>;
  return (
    <a href={ticket.url} target="_blank" rel="noreferrer noopener">
      {name} <ExternalLink size={13} aria-hidden />
    </a>
  );
}

const STATES: Record<string, () => string> = {
  open: () => t("Open"),
  "in progress": () => t("In progress"),
  closed: () => t("Closed"),
  gone: () => t("Deleted over there"),
  unknown: () => t("Being opened"),
};

/** Its state, and the other system's own word where that says more. */
export function stateName(ticket: Pick<Ticket, "state" | "state_said">): string {
  const state = ticket.state ?? "";
  const name = STATES[state]?.() ?? state;
  const said = ticket.state_said;
  const isSame = said.toLowerCase().startsWith(state); // GitLab says "opened"
  return said && !isSame ? `${name} (${said})` : name;
}
