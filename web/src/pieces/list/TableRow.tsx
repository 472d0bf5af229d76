import { Checkbox } from "@mantine/core";
import { memo, type ReactNode } from "react";
import { t } from "@/words/words";
import { tellWhatIsCut } from "./cut";
import { CHOOSE } from "./fitting";
import styles from "./Table.module.css";
import type { Column } from "./types";

interface Props<Row> {
  id: string;
  row: Row;
  at: number;
  /** Pixels from the top of the list. */
  start: number;
  height: number;
  template: string;
  columns: Column<Row>[];
  narrow: ((row: Row) => ReactNode) | undefined;
  rowName: (row: Row) => string;
  /** Undefined where rows cannot be chosen. */
  chosen: boolean | undefined;
  isCursor: boolean;
  isOpen: boolean;
  onChoose: (at: number, upTo: boolean) => void;
  onOpen: (at: number) => void;
}

function Drawn<Row extends { id?: string | null }>(props: Props<Row>) {
  const { row, at, narrow, chosen } = props;
  const choosing = chosen !== undefined;
  const cards = choosing ? `${CHOOSE}px minmax(0, 1fr)` : "minmax(0, 1fr)";
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid hears Enter for the row that is walked on
    <div
      id={props.id}
      role="row"
      className={styles.row}
      aria-rowindex={at + 2}
      aria-selected={chosen}
      data-cursor={props.isCursor || undefined}
      data-open={props.isOpen || undefined}
      style={{
        height: props.height,
        transform: `translateY(${props.start}px)`,
        gridTemplateColumns: narrow ? cards : props.template,
      }}
      onPointerOver={tellWhatIsCut}
      onClick={() => props.onOpen(at)}
    >
      {choosing && (
        // biome-ignore lint/a11y/useKeyWithClickEvents: only keeps the row from opening
        <div role="gridcell" className={styles.choose} onClick={(event) => event.stopPropagation()}>
          <Checkbox
            size="xs"
            tabIndex={-1}
            checked={chosen}
            aria-label={t("Choose {name}", { name: props.rowName(row) })}
            onChange={(event) => props.onChoose(at, (event.nativeEvent as MouseEvent).shiftKey)}
          />
        </div>
      )}
      {narrow ? (
        <div role="gridcell" className={styles.narrow}>
          {narrow(row)}
        </div>
      ) : (
        props.columns.map((column) => (
          <div
            key={column.id}
            role="gridcell"
            className={column.numeric ? styles.numeric : styles.cell}
          >
            {column.cell(row)}
          </div>
        ))
      )}
    </div>
  );
}

/** One row, drawn anew only when something of its own changed. */
export const TableRow = memo(Drawn) as typeof Drawn;
