// Puts the page together: controls, facets, keys, the address, theme, copy and print.

const root = document.documentElement;
const board = document.getElementById("board");
const PRINTED = 1000;

// The address holds the whole view. Opening a finding is a step back can undo.
const remember = (step) => {
  try {
    history[step ? "pushState" : "replaceState"](null, "", address());
  } catch {
    // A sandboxed frame may refuse; the view then lasts as long as the page.
  }
};

const refresh = () => {
  grid.show(select());
  const total = rows.length;
  const shownCount = grid.shown.length;
  controls.tally.textContent = shownCount === total
    ? say("all_shown", { count: total })
    : say("shown", { shown: shownCount, total });
  const active = filterCount();
  controls.clear.hidden = active === 0;
  controls.facets.textContent = active ? `${say("filters")} (${numbers.format(active)})` : say("filters");
  drawFacets();
};
const changed = () => {
  grid.active = 0;
  grid.box.scrollTop = 0;
  remember(false);
  refresh();
  announce(controls.tally.textContent);
};
const clearFilters = () => {
  state.query = "";
  controls.search.value = "";
  for (const facet of facets) facet.chosen.clear();
  changed();
};
const sortBy = (column) => {
  const first = column.first === "-";
  if (state.sort !== column.sort) [state.sort, state.descending] = [column.sort, first];
  else if (state.descending === first) state.descending = !first;
  else [state.sort, state.descending] = ["", false];
  controls.sort.value = state.sort;
  changed();
};

const controls = {};
const buildControls = () => {
  let waiting = 0;
  controls.search = el("input.search", {
    type: "search", placeholder: say("search"), "aria-label": say("search_label"),
    autocomplete: "off", spellcheck: "false",
    oninput: () => {
      clearTimeout(waiting);
      waiting = setTimeout(() => {
        state.query = controls.search.value.trim();
        changed();
      }, rows.length > 20000 ? 180 : 60);
    },
  });
  controls.tally = el("span.tally");
  controls.clear = el("button", { type: "button", hidden: true, onclick: clearFilters }, say("clear"));
  controls.facets = el("button.open-facets", { type: "button", "aria-expanded": "false", "aria-controls": "facets", onclick: () => {
    const open = facetBox.classList.toggle("open");
    controls.facets.setAttribute("aria-expanded", open);
  } }, say("filters"));
  controls.sort = el("select", { "aria-label": say("sort"), onchange: () => {
    const column = COLUMNS.find((other) => other.sort === controls.sort.value);
    [state.sort, state.descending] = [controls.sort.value, column?.first === "-"];
    changed();
  } }, el("option", { value: "" }, `${say("sort")}…`),
    COLUMNS.map((column) => el("option", { value: column.sort }, column.title)));
  controls.density = el("button", { type: "button", title: say("density"), onclick: () => setDensity(!grid.list.classList.contains("compact")) });
  const keysButton = el("button.keys-button", { type: "button", title: say("keys"), "aria-label": say("keys"), onclick: () => showKeys() }, "?");
  return el("div.controls", null, controls.search, controls.facets, controls.sort, controls.density, keysButton, controls.clear, controls.tally);
};
const setDensity = (compact) => {
  grid.list.classList.toggle("compact", compact);
  controls.density.textContent = say(compact ? "comfortable" : "compact");
  keep("density", compact ? "compact" : null);
  grid.measure();
};

const facetBox = el("div.facets", { id: "facets", role: "group", "aria-label": say("filters") });
const MOST_OPTIONS = 30;
const buildFacets = () => {
  usefulFacets.forEach((facet, place) => {
    facet.box = el("div");
    facetBox.append(el("details", { open: place < 6 }, el("summary", null, facet.title), facet.box));
    facet.lines = new Map();
    for (const index of [...facet.seen].sort((a, b) => (a < 0) - (b < 0) || a - b)) {
      const input = el("input", { type: "checkbox", onchange: () => {
        if (input.checked) facet.chosen.add(index);
        else facet.chosen.delete(index);
        changed();
      } });
      const mark = facet.name === "severity" ? severityMark(index) : el("span.word", null, wordOf(facet.name, index));
      mark.classList.add("word");
      const count = el("span.n");
      facet.lines.set(index, { input, count, line: el("label", null, input, mark, count) });
    }
  });
};
const drawFacets = () => {
  for (const facet of usefulFacets) {
    let lines = [...facet.lines];
    // Assets and package types may be many: the fullest come first, the rest can be searched.
    if (lines.length > MOST_OPTIONS) {
      const weight = ([index]) => (facet.chosen.has(index) ? Infinity : facet.counts.get(index) ?? 0);
      lines = lines.sort((a, b) => weight(b) - weight(a)).slice(0, MOST_OPTIONS);
    }
    for (const [index, { input, count, line }] of lines) {
      const found = facet.counts.get(index) ?? 0;
      input.checked = facet.chosen.has(index);
      count.textContent = numbers.format(found);
      line.classList.toggle("zero", found === 0);
    }
    const wanted = lines.map(([, { line }]) => line);
    if (wanted.some((line, index) => facet.box.children[index] !== line)) facet.box.replaceChildren(...wanted);
  }
};

const showKeys = () => {
  const pairs = [["/", "key_search"], ["↑ ↓", "key_arrows"], ["Enter", "key_enter"], ["← →", "key_sides"], ["Esc", "key_escape"], ["?", "key_question"]];
  const dialog = el("dialog.keys", { "aria-label": say("keys") }, el("h2", null, say("keys")),
    el("dl", null, pairs.map(([key, words]) => [el("dt", null, el("kbd", null, key)), el("dd", null, say(words))])),
    el("form", { method: "dialog" }, el("button", null, say("close"))));
  dialog.addEventListener("close", () => dialog.remove());
  // The policy of the page forbids forms to send anything; this one only closes.
  dialog.querySelector("form").addEventListener("submit", (event) => {
    event.preventDefault();
    dialog.close();
  });
  document.body.append(dialog);
  dialog.showModal();
};
const pageKeys = (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  const typing = event.target.closest?.("input[type=search], select, textarea");
  if (event.key === "Escape") {
    if (drawer.isOpen) closeFinding();
    else if (typing && state.query) {
      state.query = "";
      controls.search.value = "";
      changed();
    } else return;
  } else if (typing && event.key === "ArrowDown" && typing === controls.search && grid.shown.length) {
    grid.activate(grid.active);
    grid.focus();
  } else if (typing) return;
  else if (event.key === "/") controls.search.focus();
  else if (event.key === "?") showKeys();
  else return;
  event.preventDefault();
};

// The address changed: by a link of the page, by the back button, or by hand.
const followAddress = (fromLink) => {
  const hash = location.hash;
  if (hash && !hash.includes("=")) return; // a heading of the page
  readAddress(hash);
  controls.search.value = state.query;
  controls.sort.value = state.sort;
  refresh();
  const number = findingNumbers.get(state.open);
  if (number === undefined) {
    state.open = "";
    drawer.hide();
  } else {
    const place = grid.shown.indexOf(number);
    if (place >= 0) grid.activate(place);
    drawer.show(number);
  }
  grid.mark();
  if (fromLink && hash.length > 1 && !state.open) document.getElementById("findings").scrollIntoView();
};

const setTheme = (theme) => {
  if (theme) root.dataset.theme = theme;
  else delete root.dataset.theme;
};
const isDark = () => root.dataset.theme === "dark"
  || (!root.dataset.theme && window.matchMedia("(prefers-color-scheme: dark)").matches);

const planText = () => [...document.querySelectorAll(".plan [data-copy]")].map((button) => button.dataset.copy).join("\n");
const flash = async (button, copied) => {
  const done = await copyText(copied);
  const before = button.dataset.label ?? (button.dataset.label = button.textContent);
  button.textContent = say(done ? "copied" : "copy_failed");
  announce(button.textContent);
  setTimeout(() => { button.textContent = before; }, 1600);
};
const pageClicks = (event) => {
  const button = event.target.closest("button");
  if (button?.id === "copy-plan") flash(button, planText());
  else if (button?.dataset.copy !== undefined) flash(button, button.dataset.copy);
  else if (button?.id === "print") window.print();
  else if (button?.id === "theme") {
    setTheme(isDark() ? "light" : "dark");
    keep("theme", root.dataset.theme);
  } else if (button?.id === "all-steps") {
    document.querySelectorAll(".plan .later").forEach((line) => line.classList.add("open"));
    button.remove();
  }
  const heading = event.target.closest('a[href^="#"]');
  if (heading && !heading.hash.includes("=")) {
    event.preventDefault(); // the address belongs to the view; a heading is only scrolled to
    document.getElementById(heading.hash.slice(1))?.scrollIntoView();
  }
};

// On paper stands what the screen shows: the same filters, the same order.
const printRow = (number) => {
  const row = rows[number];
  const counts = ["open", "under_investigation"].includes(idOf("status", row[at.status]));
  const [, , , , , , , , , priority, suppression] = detailOf(number);
  const aside = value(suppression);
  const reasons = priority ? priority[2].map(text).join(" · ") : "";
  return el(counts ? "tr" : "tr.settled", null,
    el("td", null, decisionMark(row[at.decision])),
    el("td.num", null, row[at.score] === null ? "?" : tidy(row[at.score], 0)),
    el("td", null, severityMark(row[at.severity])),
    el("td.what", null, el("strong", null, text(row[at.rule])), ` ${text(row[at.title])}`,
      counts ? null : el("p.set-aside", null, [wordOf("status", row[at.status]), ...(aside ? [aside[0], aside[2], aside[3] && say("expires", { date: aside[3] })] : [])].filter(Boolean).join(" · ")),
      reasons ? el("p.reason", null, reasons) : null),
    el("td.component", null, text(row[at.component]), " ", el("span.version", null, text(row[at.version]))),
    el("td", null, fixCell(row)),
    el("td.place", null, text(row[at.place]) || wordOf("asset", row[at.asset]), row[at.places] > 1 ? el("span.more", null, ` +${row[at.places] - 1}`) : null),
    el("td", null, row[at.sources].map((index) => idOf("source", index)).join(", ")));
};
const preparePrint = () => {
  const some = grid.shown.slice(0, PRINTED);
  document.getElementById("static-rows").replaceChildren(...some.map(printRow));
  const chosen = facets.flatMap((facet) => [...facet.chosen].map((index) => wordOf(facet.name, index)));
  document.getElementById("static-note").textContent = [
    grid.shown.length < rows.length ? say("shown", { shown: grid.shown.length, total: rows.length }) : "",
    state.query, chosen.join(", "),
    some.length < grid.shown.length ? say("print_part", { shown: some.length, total: grid.shown.length }) : "",
  ].filter(Boolean).join(" · ");
};

const showAges = () => {
  const ago = new Intl.RelativeTimeFormat(lang, { numeric: "auto" });
  for (const node of document.querySelectorAll("time[datetime]")) {
    const days = Math.round((Date.parse(node.dateTime) - Date.now()) / 86400000);
    if (Number.isFinite(days)) node.title = ago.format(days, "day");
  }
};

root.classList.add("js");
setTheme(kept("theme"));
document.addEventListener("click", pageClicks);
document.addEventListener("keydown", pageKeys);
showAges();
if (board) {
  board.append(buildControls(), facetBox, grid.build());
  buildFacets();
  drawer.build();
  setDensity(kept("density") === "compact");
  followAddress(false);
  window.addEventListener("hashchange", () => followAddress(true));
  window.addEventListener("popstate", () => followAddress(false));
  window.addEventListener("beforeprint", preparePrint);
}
