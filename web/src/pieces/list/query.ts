/** One question in three forms: the address, the API's parameters, and a text that people write.
 *
 *   severity:critical,high -status:fixed is:open asset~shop score>=70 log4j
 *   severity=critical,high&status.not=fixed&counts=true&asset.has=shop&score.ge=70&q=log4j
 */

/** What the address holds besides filters. */
const OURS = new Set(["q", "sort", "show", "columns"]);
const SIGNS: [sign: string, suffix: string][] = [
  [">=", ".ge"],
  ["<=", ".le"],
  [">", ".gt"],
  ["<", ".lt"],
  ["~", ".has"],
  [":", ""],
];
/** Flags that have a word of their own; others are said by their field's name. */
const IS: Record<string, string> = { counts: "open" };
const PART = /(-?[a-z_]+)(>=|<=|>|<|~|:)("[^"]*"|\S+)|"([^"]*)"|(\S+)/gi;

export type Filters = Record<string, string[]>;

/** The filters of an address, by the API's names. */
export function filtersOf(address: URLSearchParams): Filters {
  const found: Filters = {};
  for (const [name, value] of address) {
    if (!OURS.has(name) && value) found[name] = value.split(",").filter(Boolean);
  }
  return found;
}

/** The address as a text. */
export function textOf(address: URLSearchParams): string {
  const parts = Object.entries(filtersOf(address)).map(([name, values]) => {
    const [field = "", suffix = ""] = split(name);
    const joined = values.join(",");
    const value = /\s/.test(joined) ? `"${joined}"` : joined;
    if (!suffix && (joined === "true" || joined === "false"))
      return `${joined === "true" ? "" : "-"}is:${IS[field] ?? field}`;
    if (suffix === ".not") return `-${field}:${value}`;
    const sign = SIGNS.find(([, one]) => one === suffix)?.[0] ?? ":";
    return `${field}${sign}${value}`;
  });
  const words = address.get("q");
  return [...parts, ...(words ? [words] : [])].join(" ");
}

/** The address that a text means; what of the address is not a filter stays. */
export function addressOf(text: string, before: URLSearchParams): URLSearchParams {
  const next = new URLSearchParams();
  const words: string[] = [];
  for (const match of text.matchAll(PART)) {
    const [, name, sign, value, quoted, word] = match;
    if (name && value && sign === ":" && /^-?is$/i.test(name)) {
      for (const flag of value.replaceAll('"', "").split(",").filter(Boolean))
        next.set(flagOf(flag), String(!name.startsWith("-")));
    } else if (name && sign && value) {
      const suffix = SIGNS.find(([one]) => one === sign)?.[1] ?? "";
      const field = name.replace(/^-/, "").toLowerCase();
      const whole = name.startsWith("-") ? `${field}.not` : `${field}${suffix}`;
      const plain = value.replaceAll('"', "");
      const had = next.get(whole);
      next.set(whole, had ? `${had},${plain}` : plain);
    } else {
      const said = quoted ?? word;
      if (said) words.push(said);
    }
  }
  if (words.length > 0) next.set("q", words.join(" "));
  for (const name of ["sort", "columns"]) {
    const kept = before.get(name);
    if (kept) next.set(name, kept);
  }
  return next;
}

/** The address with a value of a filter switched on or off. */
export function toggled(address: URLSearchParams, field: string, value: string): URLSearchParams {
  const next = new URLSearchParams(address);
  const values = new Set((address.get(field) ?? "").split(",").filter(Boolean));
  if (!values.delete(value)) values.add(value);
  if (values.size > 0) next.set(field, [...values].join(","));
  else next.delete(field);
  next.delete("show");
  return next;
}

/** What the API is asked, without pages and fields. */
export function asked(address: URLSearchParams): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [name, values] of Object.entries(filtersOf(address))) found[name] = values.join(",");
  const words = address.get("q");
  if (words) found.q = words;
  return found;
}

/** Whether two addresses ask for the same rows in the same order. */
export function isSame(one: string, other: string): boolean {
  const plain = (text: string) => {
    const address = new URLSearchParams(text);
    address.delete("show");
    address.delete("columns");
    address.sort();
    return address.toString();
  };
  return plain(one) === plain(other);
}

/** The same rows in another order. */
export function withSort(address: URLSearchParams, sort: string): URLSearchParams {
  const next = new URLSearchParams(address);
  next.set("sort", sort);
  return next;
}

/** Commas and colons stay readable in the address. */
export function readable(address: URLSearchParams): string {
  return address.toString().replaceAll("%2C", ",").replaceAll("%3A", ":");
}

function flagOf(word: string): string {
  return Object.keys(IS).find((field) => IS[field] === word) ?? word;
}

function split(name: string): [string, string] {
  const at = name.indexOf(".");
  return at < 0 ? [name, ""] : [name.slice(0, at), name.slice(at)];
}
