/** What an import or a scan says of itself: its `summary`, read with care. */

export interface Trouble {
  tool: string;
  message: string;
  hint: string;
}

export interface AssetSaid {
  id: string;
  name: string;
  fresh: number;
  closed: number;
  reopened: number;
  seen: number;
  counting: number;
}

export interface Said {
  fresh: number;
  closed: number;
  reopened: number;
  seen: number;
  assets: AssetSaid[];
  problems: Trouble[];
  problemCount: number;
  error: { message: string; hint: string } | undefined;
  /** A VEX document decides and finds nothing: how many statements were taken in. */
  isVex: boolean;
  isWhole: boolean;
}

type Plain = Record<string, unknown>;

const plain = (value: unknown): Plain =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Plain) : {};
const number = (value: unknown): number => (typeof value === "number" ? value : 0);
const text = (value: unknown): string => (typeof value === "string" ? value : "");

/** Undefined until there is a summary. */
export function saidOf(summary: unknown): Said | undefined {
  if (typeof summary !== "object" || summary === null) return undefined;
  const said = plain(summary);
  const error = said.error ? plain(said.error) : undefined;
  const problems = Array.isArray(said.problems) ? said.problems.map(plain) : [];
  const runs = plain(said.runs);
  return {
    fresh: number(said.new),
    closed: number(said.closed),
    reopened: number(said.reopened),
    seen: number(said.seen),
    assets: Object.entries(plain(said.assets)).map(([id, one]) => assetOf(id, plain(one))),
    problems: problems.map((one) => ({
      tool: text(one.tool),
      message: text(one.message),
      hint: text(one.hint),
    })),
    problemCount: number(said.problem_count),
    error: error && { message: text(error.message), hint: text(error.hint) },
    isVex: "statements" in said,
    isWhole: Object.entries(runs).every(([word, count]) => word === "complete" || count === 0),
  };
}

function assetOf(id: string, one: Plain): AssetSaid {
  return {
    id,
    name: text(one.name),
    fresh: number(one.new),
    closed: number(one.closed),
    reopened: number(one.reopened),
    seen: number(one.seen),
    counting: number(one.counting),
  };
}

/** Where the open findings of its assets are listed. */
export function findingsOf(said: Said): string {
  const ids = said.assets
    .slice(0, 40)
    .map((asset) => asset.id)
    .join(",");
  return `/findings?asset_id=${ids}&counts=true&sort=-score`;
}

/** Where the findings are listed that an import made, closed or saw again. */
export function didOf(what: "new_in" | "closed_in" | "reopened_in", importId: string): string {
  return `/findings?${what}=${importId}&sort=-score`;
}

export interface Taken {
  format: string;
  said: Said | undefined;
}

export interface Merged {
  id: string;
  name: string;
  formats: string[];
  /** Findings that each report named, and what there is of them together. */
  seen: number;
}

/** Assets that several of these reports, of different scanners, spoke of. */
export function mergedOf(taken: Taken[]): Merged[] {
  const by = new Map<string, Merged>();
  for (const { format, said } of taken) {
    for (const asset of said?.assets ?? []) {
      const one = by.get(asset.id) ?? { id: asset.id, name: asset.name, formats: [], seen: 0 };
      if (!one.formats.includes(format)) one.formats.push(format);
      one.seen += asset.seen;
      by.set(asset.id, one);
    }
  }
  return [...by.values()].filter((one) => one.formats.length > 1);
}
