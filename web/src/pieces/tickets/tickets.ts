/** Tickets in somebody else's system: those that are there, and opening one. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, held, type Shape } from "@/api/client";
import { useSession } from "@/api/session";
import { fetchPage } from "@/pieces/list/rows";
import { toast, toastProblem } from "@/pieces/Toasts";
import { language, t } from "@/words/words";

export type Ticket = Shape<"ListedTicket">;
/** What a ticket is about: one finding, or the upgrade of a package at an asset. */
export type Subject = Partial<Omit<Shape<"NewTicket">, "channel_id">>;
type Channel = Shape<"ListedChannel">;

const FEW = "50";

/** The tickets that these filters find, the newest first. */
export function useTickets(filters: Record<string, string>, enabled: boolean) {
  const asked = { ...filters, sort: "-created_at", limit: FEW };
  return useQuery({
    queryKey: ["tickets", asked, language()],
    queryFn: ({ signal }) => fetchPage<Ticket>("/api/v1/tickets", asked, signal),
    enabled,
  });
}

/** The channels that lead into a ticket system; undefined for who may not see channels. `isKnown`
 * once it has been asked. */
export function useTrackers(): { trackers: Channel[] | undefined; isKnown: boolean } {
  const { can } = useSession();
  const found = useQuery({
    queryKey: ["channels", "trackers"],
    queryFn: async ({ signal }) => {
      const kinds = await held(api.GET("/api/v1/trackers"));
      const asked = { kind: kinds.map((kind) => kind.name).join(), enabled: "true", sort: "name" };
      return (await fetchPage<Channel>("/api/v1/channels", asked, signal)).items;
    },
    enabled: can("channels:read"),
  });
  return { trackers: found.data, isKnown: !found.isLoading };
}

/** Whether nobody can see it any more: then another may be opened. */
export const isGone = (ticket: Pick<Ticket, "state">) => ticket.state === "gone";

/** Opens a ticket and says so. `busy` while it is asked for. */
export function useOpening(subject: Subject) {
  const client = useQueryClient();
  const [busy, setBusy] = useState(false);
  const open = async (channel: string) => {
    setBusy(true);
    try {
      const body = { ...subject, channel_id: channel } as Shape<"NewTicket">;
      await held(api.POST("/api/v1/tickets", { body }));
      toast({ said: t("The ticket is being opened") });
      await Promise.all(
        ["tickets", "findings"].map((noun) => client.invalidateQueries({ queryKey: [noun] })),
      );
    } catch (thrown) {
      toastProblem(thrown);
    } finally {
      setBusy(false);
    }
  };
  return { busy, open };
}
