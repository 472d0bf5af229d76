import { Button, Menu } from "@mantine/core";
import { TicketPlus } from "lucide-react";
import { Link } from "react-router";
import { useSession } from "@/api/session";
import { t } from "@/words/words";
import { type Subject, useOpening, useTrackers } from "./tickets";

interface Props {
  subject: Subject;
  /** Say so where no ticket system is connected; else nothing is shown. */
  says?: boolean;
}

/** Opens a ticket where there is one ticket system, and asks which where there are several. */
export function OpenTicket({ subject, says = false }: Props) {
  const { can } = useSession();
  const { trackers, isKnown } = useTrackers();
  const { busy, open } = useOpening(subject);
  if (!can("tickets:write")) return null;
  if (trackers?.length === 0) return says ? <NoTracker /> : null;
  const isChoice = trackers !== undefined && trackers.length > 1;
  const button = (
    <Button
      size="xs"
      variant="default"
      leftSection={<TicketPlus size={15} aria-hidden />}
      loading={busy}
      disabled={!isKnown}
      // Who may not see channels opens it where the tenant's settings say.
      onClick={isChoice ? undefined : () => void open(trackers?.[0]?.id ?? "")}
    >
      {t("Open a ticket")}
    </Button>
  );
  if (!isChoice) return button;
  return (
    <Menu position="bottom-start" withinPortal>
      <Menu.Target>{button}</Menu.Target>
      <Menu.Dropdown>
        {trackers.map((channel) => (
          <Menu.Item key={channel.id} onClick={() => void open(channel.id ?? "")}>
            {channel.name}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function NoTracker() {
  const { can } = useSession();
  return (
    <p className="soft">
      {t("No ticket system is connected.")}{" "}
      {can("channels:write") && <Link to="/settings/channels">{t("Connect one")}</Link>}
    </p>
  );
}
