/** Rows of a list, page by page, as one scrolls. */
import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { vigieFetch } from "@/api/client";
import { problemOf } from "@/api/problems";
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
  error: unknown;
  again: () => void;
}

export function useRows<Row>(
  noun: string,
  path: string,
  question: Record<string, string>,
  fields: string,
  ready: boolean,
): Rows<Row> {
  const found = useInfiniteQuery({
    queryKey: [noun, "list", path, question, fields],
    queryFn: ({ pageParam, signal }) =>
      fetchPage<Row>(path, { ...question, fields, limit: String(PAGE), cursor: pageParam }, signal),
    initialPageParam: "",
    getNextPageParam: (page) => page.next || undefined,
    placeholderData: keepPreviousData,
    enabled: ready,
  });
  const pages = found.data?.pages;
  const rows = useMemo(() => pages?.flatMap((page) => page.items) ?? [], [pages]);
  const first = pages?.[0];
  return {
    rows,
    total: first?.total ?? 0,
    exact: first?.exact ?? true,
    isFirst: found.isPending,
    isStale: found.isPlaceholderData,
    hasMore: found.hasNextPage,
    more: () => {
      if (found.hasNextPage && !found.isFetchingNextPage) void found.fetchNextPage();
    },
    error: found.error,
    again: () => void found.refetch(),
  };
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
