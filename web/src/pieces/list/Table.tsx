import { Checkbox } from "@mantine/core";
import { useVirtualizer } from "@tanstack/react-virtual";
import { ArrowDown, ArrowUp } from "lucide-react";
import { type ReactNode, type RefObject, useCallback, useEffect, useId, useRef } from "react";
import { t } from "@/words/words";
import { tellWhatIsCut } from "./cut";
import { CHOOSE, leastOf } from "./fitting";
import type { Rows } from "./rows";
import styles from "./Table.module.css";
import { TableRow } from "./TableRow";
import type { Column } from "./types";

const HEAD = 34; // pixels of the row of titles, as Table.module.css has it
const LINES = 2; // around the table

interface Props<Row> {
  label: string;
  rows: Rows<Row>;
  columns: Column<Row>[];
  narrow: ((row: Row) => ReactNode) | undefined;
  rowName: (row: Row) => string;
  height: number;
  cursor: number;
  /** Changes when a person moved the cursor: it is then brought into sight. */
  moves: number;
  open: string;
  isChosen: (id: string) => boolean;
  chooseAll: { checked: boolean; some: boolean; toggle: () => void } | undefined;
  onChoose: ((at: number, upTo: boolean) => void) | undefined;
  onOpen: (at: number) => void;
  sort: string;
  onSort: (sort: string) => void;
  grid: RefObject<HTMLDivElement | null>;
}

/** Only the rows in sight are drawn; more are fetched before one gets there. */
export function Table<Row extends { id?: string | null }>(props: Props<Row>) {
  const { rows, columns, narrow, height, cursor, moves, grid } = props;
  const name = useId();
  const count = rows.rows.length + (rows.hasMore || rows.isFirst ? 12 : 0);
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => grid.current,
    estimateSize: () => height,
    overscan: 12,
    // Rows begin under the titles, which stay: else the row that is walked to would end below.
    scrollPaddingEnd: LINES + (narrow ? 0 : HEAD),
  });
  const items = virtual.getVirtualItems();
  const firstSeen = items[0]?.index ?? 0;
  const lastSeen = items.at(-1)?.index ?? 0;
  const { more, see } = rows;
  const more$ = useRef(more);
  more$.current = more;
  useEffect(() => see(firstSeen, lastSeen), [see, firstSeen, lastSeen]);
  useEffect(() => {
    if (lastSeen >= rows.rows.length - 30 && rows.rows.length > 0) more$.current();
  }, [lastSeen, rows.rows.length]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: rows of another height are measured anew
  useEffect(() => virtual.measure(), [height]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: rows that come above it scroll nothing
  useEffect(() => {
    if (cursor >= 0) virtual.scrollToIndex(cursor, { align: "auto" });
  }, [moves, virtual]);

  const choosing = props.onChoose !== undefined;
  // The same from one drawing to the next, so that a key that moves the cursor draws two rows anew.
  const latest = useRef(props);
  latest.current = props;
  const choose = useCallback(
    (at: number, upTo: boolean) => latest.current.onChoose?.(at, upTo),
    [],
  );
  const open = useCallback((at: number) => latest.current.onOpen(at), []);
  const shown = useSame(columns);
  const template = [
    ...(choosing ? [`${CHOOSE}px`] : []),
    ...columns.map((c) => (c.grow ? `minmax(${c.width}px, ${c.grow}fr)` : `${c.width}px`)),
  ].join(" ");
  const least = leastOf(columns, choosing);
  return (
    <div
      ref={grid}
      className={styles.grid}
      role="grid"
      tabIndex={0}
      aria-label={props.label}
      aria-rowcount={rows.exact ? rows.total + 1 : -1}
      aria-multiselectable={choosing || undefined}
      aria-activedescendant={cursor >= 0 ? `${name}-${cursor}` : undefined}
      aria-busy={rows.isStale || undefined}
      data-stale={rows.isStale || undefined}
      style={{ flexBasis: virtual.getTotalSize() + (narrow ? 0 : HEAD) + LINES }}
    >
      {!narrow && (
        <div role="rowgroup" className={styles.headGroup} style={{ minWidth: least }}>
          <div
            role="row"
            className={styles.head}
            aria-rowindex={1}
            onPointerOver={tellWhatIsCut}
            style={{ gridTemplateColumns: template }}
          >
            {choosing && (
              <div role="columnheader">
                {props.chooseAll && (
                  <Checkbox
                    size="xs"
                    tabIndex={-1}
                    aria-label={t("Choose all rows that are loaded")}
                    checked={props.chooseAll.checked}
                    indeterminate={props.chooseAll.some}
                    onChange={props.chooseAll.toggle}
                  />
                )}
              </div>
            )}
            {columns.map((column) => (
              <Head key={column.id} column={column} sort={props.sort} onSort={props.onSort} />
            ))}
          </div>
        </div>
      )}
      <div
        role="rowgroup"
        className={styles.body}
        style={{ height: virtual.getTotalSize(), minWidth: narrow ? undefined : least }}
      >
        {items.map((item) => {
          const row = rows.rows[item.index];
          const place = { height, transform: `translateY(${item.start}px)` };
          if (!row) {
            return (
              <div key={item.key} role="row" className={styles.row} style={place} aria-hidden>
                <div role="gridcell" className={styles.skeleton}>
                  <span style={{ width: `${35 + ((item.index * 37) % 50)}%` }} />
                </div>
              </div>
            );
          }
          return (
            <TableRow
              key={item.key}
              id={`${name}-${item.index}`}
              row={row}
              at={item.index}
              start={item.start}
              height={height}
              template={template}
              columns={shown}
              narrow={narrow}
              rowName={props.rowName}
              chosen={choosing ? props.isChosen(row.id ?? "") : undefined}
              isCursor={item.index === cursor}
              isOpen={row.id !== "" && String(row.id) === props.open}
              onChoose={choose}
              onOpen={open}
            />
          );
        })}
      </div>
    </div>
  );
}

/** The array of before so long as it holds the same. */
function useSame<Item>(items: Item[]): Item[] {
  const before = useRef(items);
  const isSame =
    before.current.length === items.length && items.every((one, at) => one === before.current[at]);
  if (!isSame) before.current = items;
  return before.current;
}

function Head<Row>({
  column,
  sort,
  onSort,
}: {
  column: Column<Row>;
  sort: string;
  onSort: (sort: string) => void;
}) {
  const field = sort.replace(/^-/, "");
  const on = column.sort !== undefined && field === column.sort;
  const down = sort.startsWith("-");
  const direction = on ? (down ? "descending" : "ascending") : undefined;
  return (
    <div
      role="columnheader"
      aria-sort={direction}
      className={column.numeric ? styles.numeric : undefined}
    >
      {column.sort ? (
        <button
          type="button"
          tabIndex={-1}
          onClick={() => onSort(on && down ? `${column.sort}` : `-${column.sort}`)}
        >
          {column.title}
          {on && (down ? <ArrowDown size={13} aria-hidden /> : <ArrowUp size={13} aria-hidden />)}
        </button>
      ) : (
        column.title
      )}
    </div>
  );
}
