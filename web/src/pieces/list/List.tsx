import { Button } from "@mantine/core";
import { useElementSize, useMediaQuery, useMergedRef } from "@mantine/hooks";
import { useQueryClient } from "@tanstack/react-query";
import { SlidersHorizontal } from "lucide-react";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { useSearchParams } from "react-router";
import { problemFrom } from "@/api/problems";
import { Empty } from "@/pieces/Empty";
import { Page } from "@/pieces/Page";
import { ProblemView } from "@/pieces/ProblemView";
import { toast, toastProblem } from "@/pieces/Toasts";
import { numberOf, t } from "@/words/words";
import { useChoosing } from "./choosing";
import { useCursor } from "./cursor";
import { Facets } from "./Facets";
import { FilterBar } from "./FilterBar";
import { fitting } from "./fitting";
import { useKept } from "./kept";
import styles from "./List.module.css";
import { type Density, Look } from "./Look";
import { addressOf, asked, readable, withSort } from "./query";
import { useFacets, useRows } from "./rows";
import { SelectionBar } from "./SelectionBar";
import { Table } from "./Table";
import type { BulkAction, ListProps } from "./types";
import { Views } from "./Views";
import { useListKeys } from "./walking";

const HEIGHTS: Record<Density, number> = { close: 34, wide: 44 };
const NARROW = 620; // pixels of the table under which a row is a card
const CARD = 68;

/** A list as every room has it: views, filters, facets, rows, a selection, a drawer. The address
 * holds all of it but the density. */
export function List<Row extends { id?: string | null }>(props: ListProps<Row>) {
  const { noun, path, columns, views, facets = [], bulk = [] } = props;
  const [address, setAddress] = useSearchParams();
  const client = useQueryClient();
  const first = views[0]?.query ?? "";
  const isReady = address.size > 0 || first === "";
  useEffect(() => {
    if (!isReady) setAddress(first, { replace: true });
  }, [isReady, first, setAddress]);

  const go = (next: URLSearchParams, replace = false) => {
    // An address without anything would mean the first view, not everything.
    if (![...next.keys()].some((key) => key !== "show")) next.set("sort", sort || "-id");
    setAddress(readable(next), { replace });
  };
  const sort = address.get("sort") ?? "";
  const view = useView(address);
  const question = useMemo(() => ({ ...asked(view), ...(sort ? { sort } : {}) }), [view, sort]);

  const said = address.get("columns");
  const [kept, setKept] = useKept<string[]>(`columns-${noun}`, []);
  const usual = kept.length > 0 ? kept : columns.filter((c) => !c.optional).map((c) => c.id);
  const isChosen = Boolean(said) || kept.length > 0; // columns that somebody chose are all shown
  const wanted = columns.filter((c) => (said ? said.split(",") : usual).includes(c.id));
  const [density, setDensity] = useKept<Density>("density", "close");
  const fields = [
    ...new Set(["id", ...(props.fields ?? []), ...columns.flatMap((c) => c.fields)]),
  ].join();

  const rows = useRows<Row>(noun, path, question, fields, isReady);
  const counts = useFacets(
    noun,
    path,
    question,
    facets.map((facet) => facet.field),
    isReady,
  );
  const ids = useMemo(() => rows.rows.map((row) => String(row.id ?? "")), [rows.rows]);
  const choosing = useChoosing(ids, view, rows.total);

  const open = address.get("show") ?? "";
  const openAt = ids.indexOf(open);
  const { at: cursor, moves, move } = useCursor(ids);
  const grid = useRef<HTMLDivElement>(null);
  const field = useRef<HTMLInputElement>(null);
  const [busy, setBusy] = useState("");
  const [narrowing, setNarrowing] = useState(false);
  const isSmall = useMediaQuery("(max-width: 900px)") ?? false;
  const { ref: room, width } = useRoom();
  const isNarrow = width > 0 && width < NARROW;
  const visible = isChosen ? wanted : fitting(wanted, { width, sort, hasChoice: bulk.length > 0 });
  const shown = new Set((isNarrow ? wanted : visible).map((column) => column.id));

  // Kept for the next time, and in the address for those who are sent it.
  const showColumns = (ids: string[]) => {
    setKept(ids);
    const next = new URLSearchParams(address);
    next.set("columns", ids.join());
    setAddress(readable(next), { replace: true });
  };
  const show = (at: number, replace = open !== "") => {
    const row = rows.rows[at];
    if (!row) return;
    move(at);
    if (!props.drawer) {
      props.onOpen?.(row);
      return;
    }
    const next = new URLSearchParams(address);
    next.set("show", String(row.id ?? ""));
    setAddress(readable(next), { replace });
  };
  const close = () => {
    const next = new URLSearchParams(address);
    next.delete("show");
    setAddress(readable(next), { replace: true });
    grid.current?.focus({ preventScroll: true });
  };
  const walk = (by: number) => {
    const next = Math.min(
      Math.max((cursor < 0 && openAt >= 0 ? openAt : cursor) + by, 0),
      ids.length - 1,
    );
    if (open && !isSmall) show(next, true);
    else move(next);
  };
  const run = async (action: BulkAction) => {
    const one = ids[cursor] ?? (openAt >= 0 ? open : undefined);
    const meant =
      choosing.selection ?? (one ? { ids: [one], filters: {}, q: "", count: 1 } : undefined);
    if (!meant || busy) return;
    setBusy(action.id);
    try {
      const done = await action.run(meant);
      if (!done) return;
      choosing.none();
      const { undo } = done;
      const anew = () => client.invalidateQueries({ queryKey: [noun] });
      toast({ said: done.said, ...(undo ? { undo: () => undo().then(anew) } : {}) });
      await anew();
    } catch (thrown) {
      toastProblem(thrown);
    } finally {
      setBusy("");
    }
  };
  useListKeys({
    title: props.title,
    bulk,
    walk,
    toTop: () => move(0),
    open: () => show(cursor),
    choose: bulk.length > 0 ? () => choosing.toggle(cursor) : undefined,
    search: () => field.current?.focus(),
    none: choosing.selection ? choosing.none : undefined,
    run: (action) => void run(action),
  });

  const isEmpty = !rows.isFirst && !rows.error && rows.rows.length === 0;
  const isUnfiltered = Object.keys(asked(address)).length === 0;
  const total = rows.isFirst ? "" : `${numberOf(rows.total)}${rows.exact ? "" : "+"}`;
  return (
    <div className={styles.split}>
      <div className={styles.main}>
        <Page
          fixed
          title={props.title}
          actions={props.actions}
          aside={
            <span className={styles.count} aria-live="polite">
              {total}
            </span>
          }
        >
          {props.lead}
          <Views
            noun={noun}
            views={views}
            address={address}
            onView={(query) => setAddress(query)}
          />
          <div className={styles.tools}>
            <FilterBar
              address={address}
              field={field}
              onAddress={go}
              hint={props.hint ?? t("Words, or field:value")}
            />
            {facets.length > 0 && (
              <Button
                variant="default"
                size="sm"
                aria-pressed={narrowing}
                className={styles.narrowing}
                leftSection={<SlidersHorizontal size={15} aria-hidden />}
                onClick={() => setNarrowing(!narrowing)}
              >
                {t("Filters")}
              </Button>
            )}
            <Look
              columns={columns}
              shown={shown}
              onShown={showColumns}
              density={density}
              onDensity={setDensity}
            />
          </div>
          <div className={styles.body} data-narrowing={narrowing || undefined}>
            {facets.length > 0 && !(isEmpty && isUnfiltered) && (
              <Facets facets={facets} counts={counts.data?.facets} address={view} onAddress={go} />
            )}
            <div className={styles.rows} ref={room}>
              {rows.error ? (
                <ProblemView problem={problemFrom(rows.error)} again={rows.again} />
              ) : isEmpty ? (
                isUnfiltered ? (
                  props.empty
                ) : (
                  <NothingFound onClear={() => go(addressOf("", address))} />
                )
              ) : (
                <Table
                  label={props.title}
                  rows={rows}
                  columns={visible}
                  narrow={isNarrow ? props.narrow : undefined}
                  rowName={props.rowName}
                  height={isNarrow ? CARD : HEIGHTS[density]}
                  cursor={cursor}
                  moves={moves}
                  open={open}
                  isChosen={choosing.has}
                  chooseAll={bulk.length > 0 ? choosing.loaded : undefined}
                  onChoose={bulk.length > 0 ? choosing.toggle : undefined}
                  onOpen={(at) => show(at)}
                  sort={sort}
                  onSort={(next) => go(withSort(address, next))}
                  grid={grid}
                />
              )}
              {choosing.selection && (
                <SelectionBar
                  selection={choosing.selection}
                  total={rows.total}
                  exact={rows.exact}
                  loaded={ids.length}
                  actions={bulk}
                  busy={busy}
                  onRun={(action) => void run(action)}
                  onAll={choosing.all}
                  onNone={choosing.none}
                />
              )}
            </div>
          </div>
        </Page>
      </div>
      {open &&
        props.drawer?.({
          id: open,
          onClose: close,
          onPrevious: openAt > 0 ? () => show(openAt - 1, true) : undefined,
          onNext: openAt >= 0 && openAt < ids.length - 1 ? () => show(openAt + 1, true) : undefined,
        })}
    </div>
  );
}

/** The address but for the row that is open: the same from one row to the next, so that what hangs on
 * filters alone is not drawn anew. */
function useView(address: URLSearchParams): URLSearchParams {
  const plain = new URLSearchParams(address);
  plain.delete("show");
  const said = plain.toString();
  return useMemo(() => new URLSearchParams(said), [said]);
}

/** How wide the table may be, before it is first drawn as well: else rows would turn into cards, and
 * columns go, before one's eyes. */
function useRoom() {
  const { ref, width } = useElementSize();
  const own = useRef<HTMLDivElement>(null);
  const [first, setFirst] = useState(0);
  useLayoutEffect(() => setFirst(own.current?.clientWidth ?? 0), []);
  return { ref: useMergedRef(ref, own), width: width || first };
}

function NothingFound({ onClear }: { onClear: () => void }) {
  return (
    <Empty
      title={t("Nothing matches this filter")}
      step={
        <Button variant="default" onClick={onClear}>
          {t("Clear the filter")}
        </Button>
      }
    >
      {t("There is more without it.")}
    </Empty>
  );
}
