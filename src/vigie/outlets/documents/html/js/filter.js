// Which findings are shown, in which order, and how the address says so.

const types = [...new Set(rows.map((row) => row[at.type]))].map((ref) => [ref, text(ref)]);
types.sort((a, b) => (a[1] === "") - (b[1] === "") || (a[1] < b[1] ? -1 : 1));
meta.type = types.map(([, name]) => [name || "none", name || say("other_values")]);
const typeIndex = new Map(types.map(([ref], index) => [ref, index]));
meta.exploited = [
  ["ransomware", say("ransomware")],
  ["kev", say("exploited")],
  ["no", say("not_exploited")],
  ["unknown", say("unknown")],
];
meta.new = [["new", say("new")], ["known", say("not_new")], ["unknown", say("unknown")]];

const exploitedOf = (flags) => {
  if (flags & FLAG.ransomware) return 0;
  if (flags & FLAG.exploited) return 1;
  return flags & FLAG.notExploited ? 2 : 3;
};
const newOf = (flags) => (flags & FLAG.isNew ? 0 : flags & FLAG.notNew ? 1 : 2);
const one = (list) => (list.length === 1 ? list[0] : list);

// Each facet: its name in the address, its heading, and the value (or values) of a row.
const facets = [
  { name: "severity", title: say("severity"), of: (row) => row[at.severity] },
  { name: "decision", title: say("decision"), of: (row) => row[at.decision] },
  { name: "kind", title: say("kind"), of: (row) => row[at.kind] },
  { name: "source", title: say("source"), of: (row) => one(row[at.sources]) },
  { name: "fix", title: say("fix"), of: (row) => row[at.fix] },
  { name: "status", title: say("status"), of: (row) => row[at.status] },
  { name: "exploited", title: say("facet_exploited"), of: (row) => exploitedOf(row[at.flags]) },
  { name: "new", title: say("facet_new"), of: (row) => newOf(row[at.flags]) },
  { name: "type", title: say("facet_component_type"), of: (row) => typeIndex.get(row[at.type]) },
  { name: "asset", title: say("asset"), of: (row) => row[at.asset] },
];
const facetOf = new Map(facets.map((facet) => [facet.name, facet]));
for (const facet of facets) {
  facet.values = new Array(rows.length);
  const seen = new Set();
  rows.forEach((row, number) => {
    const found = facet.of(row);
    facet.values[number] = found;
    if (Array.isArray(found)) found.forEach((index) => seen.add(index));
    else seen.add(found);
  });
  facet.seen = seen;
  facet.chosen = new Set();
}
// A facet that says the same of every finding helps nobody choose.
const usefulFacets = facets.filter((facet) => facet.seen.size > 1);

const state = { query: "", sort: "", descending: false, open: "" };

let haystacks = null;
const haystack = (number) => {
  haystacks ??= new Array(rows.length);
  const row = rows[number];
  haystacks[number] ??= [
    text(row[at.rule]), text(row[at.title]), text(row[at.component]), text(row[at.version]),
    text(row[at.place]), text(row[at.words]), text(row[at.fixVersion]),
    row[at.sources].map((index) => idOf("source", index)).join(" "),
    wordOf("asset", row[at.asset]), row[at.fingerprint],
  ].join("\n").toLowerCase();
  return haystacks[number];
};

const FIELDS = {
  component: (row) => text(row[at.component]),
  path: (row) => `${text(row[at.place])} ${text(row[at.words])}`,
  id: (row) => `${text(row[at.rule])} ${text(row[at.words])} ${row[at.fingerprint]}`,
};

// One word of a query as a test of a row's number.
const wordTest = (field, word) => {
  const wanted = word.toLowerCase();
  if (field === "only") {
    const tools = wanted.split("+").sort().join("+");
    return (number) =>
      rows[number][at.sources].map((i) => idOf("source", i).toLowerCase()).sort().join("+") === tools;
  }
  const facet = facetOf.get(field);
  if (facet) {
    const hits = new Set();
    meta[field].forEach(([id, name], index) => {
      if (id.toLowerCase().startsWith(wanted) || name.toLowerCase().startsWith(wanted)) hits.add(index);
    });
    return (number) => [facet.values[number]].flat().some((index) => hits.has(index));
  }
  if (Object.hasOwn(FIELDS, field)) {
    return (number) => FIELDS[field](rows[number]).toLowerCase().includes(wanted);
  }
  return (number) => haystack(number).includes(wanted);
};

const queryTest = (query) => {
  const tests = [];
  for (const [, minus, key, quoted, bare] of query.matchAll(/(-?)(?:([a-z]+):)?(?:"([^"]*)"|(\S+))/giu)) {
    const word = quoted ?? bare;
    const field = (key ?? "").toLowerCase();
    const known = field === "only" || facetOf.has(field) || Object.hasOwn(FIELDS, field);
    // "CVE:…" or "https:…" is no field: the whole is a word.
    const test = key && !known ? wordTest("", `${key}:${word}`) : wordTest(field, word);
    tests.push(minus ? (number) => !test(number) : test);
  }
  return (number) => tests.every((test) => test(number));
};

const passes = (facet, number) => {
  if (facet.chosen.size === 0) return true;
  const found = facet.values[number];
  return Array.isArray(found) ? found.some((index) => facet.chosen.has(index)) : facet.chosen.has(found);
};

// The numbers of the rows shown, and how many each facet's value would show: a row counts
// for a facet when nothing but that facet itself turns it away.
const select = () => {
  const test = queryTest(state.query);
  const shown = [];
  for (const facet of usefulFacets) facet.counts = new Map();
  const count = (facet, number) => {
    for (const index of [facet.values[number]].flat()) {
      facet.counts.set(index, (facet.counts.get(index) ?? 0) + 1);
    }
  };
  for (let number = 0; number < rows.length; number += 1) {
    let failed = null;
    let failures = 0;
    for (const facet of facets) {
      if (!passes(facet, number)) {
        failed = facet;
        failures += 1;
        if (failures > 1) break;
      }
    }
    if (failures > 1 || !test(number)) continue;
    if (failures === 1) {
      if (failed.counts) count(failed, number);
      continue;
    }
    shown.push(number);
    for (const facet of usefulFacets) count(facet, number);
  }
  return sorted(shown);
};

const collator = new Intl.Collator(lang, { numeric: true, sensitivity: "base" });
// Sorting texts: every distinct text is ranked once, then rows compare by number.
const ranks = (of) => {
  const texts = rows.map(of);
  const order = new Map([...new Set(texts)].sort(collator.compare).map((word, index) => [word, index]));
  return texts.map((word) => (word === "" ? Infinity : order.get(word)));
};
const SORTS = {
  score: () => rows.map((row) => row[at.score] ?? -1),
  decision: () => rows.map((row, number) => -number),
  severity: () => rows.map((row) => meta.severity.length - row[at.severity]),
  finding: () => ranks((row) => text(row[at.rule])),
  component: () => ranks((row) => text(row[at.component])),
  fix: () => ranks((row) => text(row[at.fixVersion])),
  place: () => ranks((row) => text(row[at.place])),
  source: () => ranks((row) => row[at.sources].map((index) => idOf("source", index)).join(" ")),
};
const sortKeys = {};
const sorted = (numbersShown) => {
  if (!Object.hasOwn(SORTS, state.sort)) return numbersShown;
  const keys = (sortKeys[state.sort] ??= SORTS[state.sort]());
  const sign = state.descending ? -1 : 1;
  return numbersShown.sort((a, b) => {
    const [left, right] = [keys[a], keys[b]];
    // What has no value stands at the end in both directions.
    if (left === Infinity || right === Infinity) return left === right ? a - b : left === Infinity ? 1 : -1;
    return sign * (left - right) || a - b;
  });
};

const encodePart = (given) => encodeURIComponent(given).replace(/%2C/g, ",").replace(/%3A/g, ":");
const address = () => {
  const parts = [];
  if (state.query) parts.push(`q=${encodePart(state.query)}`);
  for (const facet of facets) {
    if (facet.chosen.size) {
      const ids = [...facet.chosen].sort((a, b) => a - b).map((index) => encodePart(idOf(facet.name, index)));
      parts.push(`${facet.name}=${ids.join(",")}`);
    }
  }
  if (state.sort) parts.push(`sort=${state.descending ? "-" : ""}${state.sort}`);
  if (state.open) parts.push(`f=${encodePart(state.open)}`);
  return `#${parts.join("&")}`;
};

const decodePart = (given) => {
  try {
    return decodeURIComponent(given);
  } catch {
    return given;
  }
};
const readAddress = (hash) => {
  const parts = new Map(
    hash.replace(/^#/, "").split("&").map((part) => {
      const [name, ...rest] = part.split("=");
      return [name, rest.join("=")];
    }),
  );
  state.query = decodePart(parts.get("q") ?? "");
  const sort = parts.get("sort") ?? "";
  state.sort = sort.replace(/^-/, "");
  state.descending = sort.startsWith("-");
  state.open = decodePart(parts.get("f") ?? "");
  for (const facet of facets) {
    const ids = new Set((parts.get(facet.name) ?? "").split(",").map(decodePart));
    facet.chosen = new Set();
    meta[facet.name].forEach(([id], index) => ids.has(id) && facet.chosen.add(index));
    if (ids.has("unknown") && facet.name === "asset") facet.chosen.add(-1);
  }
};
const filterCount = () =>
  facets.reduce((sum, facet) => sum + facet.chosen.size, 0) + (state.query ? 1 : 0);
