import { useQuery } from "@tanstack/react-query";
import { api, held, type Shape } from "@/api/client";
import { fetchPage } from "@/pieces/list/rows";
import { t } from "@/words/words";

export type Kind = Shape<"ChannelKind">;
export type Channel = Shape<"ListedChannel">;

/** What can be told: notifiers, and ticket systems after them. */
export function useKinds(): Kind[] {
  const found = useQuery({
    queryKey: ["notifiers"],
    queryFn: async () => {
      const [told, opened] = await Promise.all([
        held(api.GET("/api/v1/notifiers")),
        held(api.GET("/api/v1/trackers")),
      ]);
      return [...told, ...opened];
    },
    staleTime: Number.POSITIVE_INFINITY,
  });
  return found.data ?? [];
}

/** The tenant's channels, for choosing one and for naming them. */
export function useChannels(): Channel[] {
  const found = useQuery({
    queryKey: ["channels", "to choose"],
    queryFn: ({ signal }) =>
      fetchPage<Channel>("/api/v1/channels", { sort: "name", limit: "200" }, signal),
  });
  return found.data?.items ?? [];
}

const OUTCOMES: Record<string, () => string> = {
  done: () => t("Arrived"),
  retry: () => t("Not now; tried again later"),
  rejected: () => t("Refused"),
  refused: () => t("Refused"),
  failed: () => t("Did not arrive"),
  dead: () => t("Given up"),
};

export const outcomeName = (outcome: string) => OUTCOMES[outcome]?.() ?? outcome;

const REFERENCE = /^secret:\/\//;

/** What has to be sealed before a channel is kept: typed texts of secret fields that are no
 * references yet, each with the name that it gets. */
export function toSeal(
  kind: Kind,
  channel: string,
  typed: Record<string, string>,
): { field: string; secret: string; value: string }[] {
  const stem = channel
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "");
  return kind.fields.flatMap((field) => {
    const value = typed[field.name] ?? "";
    if (!field.secret || !value || REFERENCE.test(value)) return [];
    const name = `channel-${stem || kind.name}-${field.name.replaceAll("_", "-")}`.slice(0, 60);
    return [{ field: field.name, secret: name, value }];
  });
}
