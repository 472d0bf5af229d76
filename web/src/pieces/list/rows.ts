/** Rows of a list, page by page, as one scrolls. */
import { hashKey, keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo, useRef } from "react";
import { vigieFetch } from "@/api/client";
import { problemOf } from "@/api/problems";
import { type Chain, isOldInSight, renewed, type Sight } from "./chain";
import type { PageOf } from "./types";

const PAGE = 100;

/** One page of any list. Throws Problem. */
export async function fetchPage<Row>(
  path: string,
  query: Record<string, string>,
  signal?: AbortSignal,
): Promise<PageOf<Row>> {
  const address = new URL(path, location.origin);
  for (const [name, value] of Object.entries(query))
    if (value) address.searchParams.set(name, value);
  const answer = await vigieFetch(new Request(address, signal ? { signal } : {}));
  const body: unknown = await answer.json().catch(() => undefined);
  if (!answer.ok) throw problemOf(body, answer);
  return body as PageOf<Row>;
}

export interface Rows<Row> {
  rows: Row[];
  total: number;
  exact: boolean;
  isFirst: boolean;
  isStale: boolean;
  hasMore: boolean;
  more: () => void;
  /** The first and the last row that is drawn: these are kept up to date. */
  see: (from: number, to: number) => void;
  error: unknown;
  again: () => void;
}

const TOP: Sight = [0, 0];

export function useRows<Row>(
  noun: string,
  path: string,
  question: Record<string, string>,
  fields: string,
  ready: boolean,
): Rows<Row> {
  const client = useQueryClient();
  const key = [noun, "list", path, question, fields];
  const sight = useRef(TOP);
  const wish = useWish(hashKey(key));
  const found = useQuery({
    queryKey: key,
    queryFn: async ({ signal }) => {
      const { more, old } = wish.current;
      // Kept until it is done: what is asked meanwhile breaks this off and begins anew.
      if (client.getQueryState(key)?.isInvalidated || !(more || old)) wish.current.whole = true;
      const ask = (cursor: string) =>
        fetchPage<Row>(path, { ...question, fields, limit: String(PAGE), cursor }, signal);
      const before = client.getQueryData<Chain<Row>>(key);
      const after = await renewed(before, wanted(wish.current, sight.current), ask);
      if (!signal.aborted) Object.assign(wish.current, NOTHING);
      return after;
    },
    placeholderData: keepPreviousData,
    enabled: ready,
  });
  const { data, isPlaceholderData, isFetching, isError } = found;
  const rows = useMemo(() => data?.links.flatMap((link) => link.page.items) ?? [], [data]);
  const hasMore = !isPlaceholderData && Boolean(data?.links.at(-1)?.page.next);
  const want = (what: "more" | "old") => {
    if (wish.current[what] && isFetching) return;
    wish.current[what] = true;
    void found.refetch();
  };
  const renew = useRef<(() => void) | undefined>(undefined);
  renew.current = () => {
    if (!data || isPlaceholderData || isFetching || isError) return;
    if (isOldInSight(data, sight.current)) want("old");
  };
  // Rows may grow old while they are seen: another page was asked meanwhile.
  // biome-ignore lint/correctness/useExhaustiveDependencies: looked at whenever there is an answer
  useEffect(() => renew.current?.(), [data, isFetching]);
  const see = useCallback((from: number, to: number) => {
    sight.current = [from, to];
    renew.current?.();
  }, []);
  return {
    rows,
    total: data?.total ?? 0,
    exact: data?.exact ?? true,
    isFirst: found.isPending,
    isStale: isPlaceholderData,
    hasMore,
    more: () => hasMore && want("more"),
    see,
    error: found.error,
    again: () => {
      wish.current.whole = true;
      void found.refetch();
    },
  };
}

const NOTHING = { more: false, old: false, whole: false };

/** What is to be asked for, until it is there; another question wishes for nothing yet. */
function useWish(question: string) {
  const wish = useRef({ question, ...NOTHING });
  if (wish.current.question !== question) wish.current = { question, ...NOTHING };
  return wish;
}

function wanted(wish: typeof NOTHING, sight: Sight) {
  return { sight, isWhole: wish.whole, more: wish.more };
}

/** The counts beside a list, asked apart from it: rows never wait for them. */
export function useFacets(
  noun: string,
  path: string,
  question: Record<string, string>,
  fields: string[],
  ready: boolean,
) {
  const { sort: _, ...filters } = question;
  return useQuery({
    queryKey: [noun, "facets", path, filters, fields],
    queryFn: ({ signal }) =>
      fetchPage(path, { ...filters, facets: fields.join(","), fields: "id", limit: "1" }, signal),
    placeholderData: keepPreviousData,
    enabled: ready && fields.length > 0,
  });
}
