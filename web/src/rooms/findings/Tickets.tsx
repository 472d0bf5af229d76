import { useSession } from "@/api/session";
import { DrawerSection } from "@/pieces/Drawer";
import { OpenTicket } from "@/pieces/tickets/OpenTicket";
import { TicketList } from "@/pieces/tickets/TicketList";
import { isGone, useTickets } from "@/pieces/tickets/tickets";
import { t } from "@/words/words";
import type { Detail } from "./FindingDrawer";

/** The tickets about it in somebody else's system, and the way to one where there is none. */
export function Tickets({ finding }: { finding: Detail }) {
  const { can } = useSession();
  const id = finding.id ?? "";
  const known = finding.tickets;
  const found = useTickets({ finding_id: id }, known.length > 0 && can("tickets:read"));
  const mayOpen = can("tickets:write") && known.every(isGone);
  if (known.length === 0 && !mayOpen) return null;
  return (
    <DrawerSection title={t("Tickets")} count={known.length}>
      <TicketList tickets={found.data?.items ?? []} />
      {mayOpen && <OpenTicket subject={{ finding_id: id }} says />}
    </DrawerSection>
  );
}
