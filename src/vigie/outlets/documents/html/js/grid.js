// The table: only the rows in sight exist, however many findings there are.

const grid = {
  shown: [], // numbers of the rows, in the order of the list
  active: 0, // index in `shown` of the row that the keyboard is on
  height: 52,
  live: new Map(), // index in `shown` -> element

  build() {
    this.space = el("div.space", { role: "rowgroup" });
    this.head = el("div.line.head", { role: "row", "aria-rowindex": 1 }, COLUMNS.map(headCell));
    this.empty = el("div.none-left", { hidden: true }, say("no_match"),
      el("button", { type: "button", onclick: () => clearFilters() }, say("clear")));
    this.box = el("div.grid", { role: "grid", "aria-label": say("search_label"), "aria-colcount": COLUMNS.length },
      this.head, this.space);
    this.list = el("div.list", null, this.box, this.empty);
    this.box.addEventListener("scroll", () => this.draw(), { passive: true });
    this.box.addEventListener("keydown", (event) => this.key(event));
    this.space.addEventListener("click", (event) => {
      const row = event.target.closest(".row");
      if (row) this.open(Number(row.dataset.index));
    });
    new ResizeObserver(() => this.measure()).observe(this.list);
    return this.list;
  },

  show(shownNumbers) {
    this.shown = shownNumbers;
    this.active = Math.min(this.active, Math.max(0, shownNumbers.length - 1));
    this.empty.hidden = shownNumbers.length > 0;
    this.box.hidden = shownNumbers.length === 0;
    this.box.setAttribute("aria-rowcount", shownNumbers.length + 1);
    this.redraw();
    for (const cell of this.head.children) {
      const mine = cell.dataset.sort === state.sort;
      cell.setAttribute("aria-sort", mine ? (state.descending ? "descending" : "ascending") : "none");
    }
  },

  measure() {
    if (!this.shown.length) return;
    const probe = this.live.values().next().value ?? this.rowAt(0);
    if (!probe.isConnected) this.space.append(probe);
    const height = probe.offsetHeight;
    if (height && height !== this.height) {
      const top = this.box.scrollTop / this.height;
      this.height = height;
      this.redraw();
      this.box.scrollTop = top * height;
    } else this.redraw();
  },

  redraw() {
    const focused = this.space.contains(document.activeElement);
    this.live.forEach((node) => node.remove());
    this.live.clear();
    this.space.replaceChildren();
    this.space.style.height = `${this.shown.length * this.height}px`;
    this.draw();
    if (focused) this.focus();
  },

  draw() {
    const offset = this.head.offsetHeight;
    const first = Math.max(0, Math.floor((this.box.scrollTop - offset) / this.height) - 8);
    const last = Math.min(this.shown.length, first + Math.ceil(this.box.clientHeight / this.height) + 18);
    for (const [index, node] of this.live) {
      const stays = (index >= first && index < last) || index === this.active;
      if (!stays) {
        node.remove();
        this.live.delete(index);
      }
    }
    for (let index = first; index < last; index += 1) this.place(index);
    // The row with the keyboard stays in the document, so that the keyboard is not lost.
    if (this.active < this.shown.length) this.place(this.active);
  },

  place(index) {
    if (this.live.has(index)) return;
    const node = this.rowAt(index);
    node.style.transform = `translateY(${index * this.height}px)`;
    this.live.set(index, node);
    // Rows stand in the document in the order of the list, for a reader that walks it.
    let next = null;
    for (const other of this.space.children) {
      if (Number(other.dataset.index) > index) {
        next = other;
        break;
      }
    }
    this.space.insertBefore(node, next);
  },

  rowAt(index) {
    const number = this.shown[index];
    const row = rows[number];
    const counts = ["open", "under_investigation"].includes(idOf("status", row[at.status]));
    return el(`div.row.line${counts ? "" : ".settled"}`, {
      role: "row",
      "data-index": index,
      "aria-rowindex": index + 2,
      "aria-selected": row[at.fingerprint] === state.open ? "true" : "false",
      tabindex: index === this.active ? 0 : -1,
    }, COLUMNS.map((column) => el(`div.${column.style}`, { role: "gridcell" }, column.cell(row, counts))));
  },

  key(event) {
    if (!event.target.closest(".row")) return;
    const page = Math.max(1, Math.floor(this.box.clientHeight / this.height) - 1);
    const moves = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity };
    if (event.key in moves && !event.ctrlKey && !event.metaKey && !event.altKey) {
      this.move(moves[event.key]);
    } else if (event.key === "Enter" || event.key === " ") {
      this.open(this.active);
    } else if (event.key === "Tab" && !event.shiftKey && drawer.isOpen) {
      drawer.enter();
    } else return;
    event.preventDefault();
  },

  move(by) {
    this.activate(Math.max(0, Math.min(this.shown.length - 1, this.active + by)));
    this.focus();
    if (drawer.isOpen) openFinding(this.shown[this.active]);
  },

  activate(index) {
    this.live.get(this.active)?.setAttribute("tabindex", -1);
    this.active = index;
    const head = this.head.offsetHeight;
    const [top, bottom] = [index * this.height, (index + 1) * this.height + head];
    if (top < this.box.scrollTop) this.box.scrollTop = top;
    else if (bottom > this.box.scrollTop + this.box.clientHeight) this.box.scrollTop = bottom - this.box.clientHeight;
    this.draw();
    this.live.get(index)?.setAttribute("tabindex", 0);
  },

  focus() {
    this.live.get(this.active)?.focus({ preventScroll: true });
  },

  open(index) {
    this.activate(index);
    this.focus();
    openFinding(this.shown[index]);
  },

  mark() {
    for (const [index, node] of this.live) {
      const chosen = rows[this.shown[index]][at.fingerprint] === state.open;
      node.setAttribute("aria-selected", chosen ? "true" : "false");
    }
  },
};

// The end of a path says more than its beginning; the whole stands in the title.
const shortPlace = (place) => {
  if (place.length <= 30 || !place.includes("/")) return place;
  const parts = place.split("/");
  let end = parts.pop();
  while (parts.length && end.length + parts.at(-1).length < 26) end = `${parts.pop()}/${end}`;
  return parts.length ? `…/${end}` : place;
};
const fixCell = (row) => {
  const version = text(row[at.fixVersion]);
  const fixed = idOf("fix", row[at.fix]) === "fixed" && version;
  if (fixed) return el("span", { title: version }, version);
  return fixMeans(idOf("fix", row[at.fix]), row) ? el("span.no", null, wordOf("fix", row[at.fix])) : null;
};
// A secret or a misconfiguration has no version that mends it: nothing is unknown about it.
const fixMeans = (fix, row) => fix !== "unknown" || idOf("kind", row[at.kind]) === "vulnerability";
const flagsOf = (row, counts) => [
  row[at.flags] & FLAG.isNew ? el("span.flag", null, say("new")) : null,
  row[at.flags] & FLAG.exploited ? el("span.flag", { title: say("exploited") }, "KEV") : null,
  counts ? null : el("span.flag", null, wordOf("status", row[at.status])),
];
const COLUMNS = [
  { sort: "decision", title: say("decision"), style: "decision-cell", cell: (row) => decisionMark(row[at.decision]) },
  { sort: "score", title: say("score"), style: "score", first: "-", cell: (row) => (row[at.score] === null ? "?" : tidy(row[at.score], 0)) },
  { sort: "severity", title: say("severity"), style: "severity", first: "-", cell: (row) => severityMark(row[at.severity]) },
  { sort: "finding", title: say("finding"), style: "what", cell: (row, counts) => [el("b", null, text(row[at.rule])), flagsOf(row, counts), el("span.title", { title: text(row[at.title]) }, text(row[at.title]))] },
  { sort: "component", title: say("component"), style: "component", cell: (row) => [text(row[at.component]), el("span.version", { title: text(row[at.version]) }, text(row[at.version]))] },
  { sort: "fix", title: say("fix"), style: "fixed", cell: fixCell },
  { sort: "place", title: say("place"), style: "place", cell: (row) => [el("span", { title: text(row[at.place]) }, shortPlace(text(row[at.place])) || wordOf("asset", row[at.asset])), row[at.places] > 1 ? el("span.more", null, ` +${row[at.places] - 1}`) : null] },
  { sort: "source", title: say("source"), style: "sources", cell: (row) => row[at.sources].map((index) => idOf("source", index)).join(", ") },
];
const headCell = (column) =>
  el(`div.${column.style}`, { role: "columnheader", "data-sort": column.sort },
    el("button", { type: "button", title: `${say("sort")} ${column.title}`, onclick: () => sortBy(column) }, column.title));
