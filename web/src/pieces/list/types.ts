import type { ReactNode } from "react";

/** What the API gives for a list. */
export interface PageOf<Row> {
  items: Row[];
  next: string;
  total: number;
  exact: boolean;
  facets: Record<string, { value: string; count: number }[]>;
}

export interface Column<Row> {
  id: string;
  title: string;
  /** What of the API's fields it needs. */
  fields: string[];
  /** Pixels at least; `grow` takes what is left, by its share. */
  width: number;
  grow?: number;
  /** Numbers stand at the right. */
  numeric?: boolean;
  /** The API's name to sort by, where it can. */
  sort?: string;
  cell: (row: Row) => ReactNode;
  /** Only shown once somebody asks for it. */
  optional?: boolean;
}

export interface Facet {
  /** The API's name of the field; it is also the name of the filter. */
  field: string;
  title: string;
  /** A value in words. */
  name?: (value: string) => string;
  /** A value as it is shown: a Severity, say. */
  show?: (value: string) => ReactNode;
  /** The order of values that have one; others come by their count. */
  order?: readonly string[];
}

export interface View {
  name: string;
  /** As the address holds it: "severity=critical&sort=-score". */
  query: string;
}

/** What is chosen: these rows, or all that the filters mean. */
export interface Selection {
  /** Undefined when everything that the filters find is meant. */
  ids: string[] | undefined;
  /** Filters as the API's bodies take them: {"severity": ["low"], "status.not": ["fixed"]}. */
  filters: Record<string, string[]>;
  q: string;
  count: number;
}

export interface Done {
  /** What was done, for the message. */
  said: string;
  /** Takes it back; the message offers it. */
  undo?: () => Promise<unknown>;
}

export interface BulkAction {
  id: string;
  /** What it does, as the button says it. */
  title: string;
  icon?: ReactNode;
  /** A key while rows are chosen or one is walked on. */
  key?: string;
  /** Does it; what it gives back is told. Undefined when the person thought better of it. */
  run: (selection: Selection) => Promise<Done | undefined>;
}

export interface ListProps<Row extends { id?: string | null }> {
  /** Of the API's address, and the first element of the query's key: "findings". */
  noun: string;
  title: string;
  /** The API's path, "/api/v1/findings". */
  path: string;
  columns: Column<Row>[];
  facets?: Facet[];
  /** Ready-made views; the first is where the list begins. */
  views: View[];
  /** One row where the page is narrow. */
  narrow: (row: Row) => ReactNode;
  /** Names a row for those who hear the page. */
  rowName: (row: Row) => string;
  /** Fields that `narrow`, `rowName` and the actions need besides those of the columns. */
  fields?: string[];
  /** What opens beside the list for a row's id. */
  drawer?: (open: OpenRow) => ReactNode;
  /** Instead of a drawer: where a row leads. */
  onOpen?: (row: Row) => void;
  bulk?: BulkAction[];
  /** Buttons at the right of the title. */
  actions?: ReactNode;
  /** Stands above the views: a place to drop files on, what is under way. */
  lead?: ReactNode;
  /** Shown when there is nothing at all, whatever the filters: what to do next. */
  empty: ReactNode;
  /** The hint in the query field. */
  hint?: string;
}

export interface OpenRow {
  id: string;
  onClose: () => void;
  onPrevious: (() => void) | undefined;
  onNext: (() => void) | undefined;
}
