/** Which rows are chosen: by hand, from here to there, or all that the filters find. */
import { useMemo, useRef, useState } from "react";
import { filtersOf } from "./query";
import type { Selection } from "./types";

export interface Choosing {
  selection: Selection | undefined;
  has: (id: string) => boolean;
  toggle: (at: number, upTo?: boolean) => void;
  loaded: { checked: boolean; some: boolean; toggle: () => void };
  all: () => void;
  none: () => void;
}

export function useChoosing(ids: string[], address: URLSearchParams, total: number): Choosing {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [every, setEvery] = useState(false);
  const last = useRef(0);
  const selection = useMemo<Selection | undefined>(() => {
    const asked = { filters: filtersOf(address), q: address.get("q") ?? "" };
    if (every) return { ids: undefined, ...asked, count: total };
    return chosen.size > 0 ? { ids: [...chosen], ...asked, count: chosen.size } : undefined;
  }, [chosen, every, address, total]);
  const none = () => {
    setChosen(new Set());
    setEvery(false);
  };
  const complete = ids.length > 0 && ids.every((id) => chosen.has(id));
  return {
    selection,
    has: (id) => every || chosen.has(id),
    toggle: (at, upTo = false) => {
      const id = ids[at];
      if (id === undefined) return;
      const next = new Set(every ? ids : chosen);
      const on = !next.has(id);
      const [from, to] = upTo ? [Math.min(last.current, at), Math.max(last.current, at)] : [at, at];
      for (const one of ids.slice(from, to + 1)) on ? next.add(one) : next.delete(one);
      last.current = at;
      setEvery(false);
      setChosen(next);
    },
    loaded: {
      checked: every || complete,
      some: !every && !complete && chosen.size > 0,
      toggle: () => (every || complete ? none() : setChosen(new Set(ids))),
    },
    all: () => setEvery(true),
    none,
  };
}
