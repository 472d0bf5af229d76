/** What is different between two texts, line by line. */

export interface Piece {
  /** "+" stands only in the later text, "-" only in the earlier one, " " in both. */
  sign: "+" | "-" | " ";
  line: string;
}

const MOST = 4_000_000; // pairs of lines to compare; beyond that everything between is new

/** The lines of both texts in order: the fewest that differ (by their longest common part). */
export function differing(earlier: string, later: string): Piece[] {
  const one = earlier.replace(/\n$/, "").split("\n");
  const two = later.replace(/\n$/, "").split("\n");
  let start = 0;
  while (start < one.length && start < two.length && one[start] === two[start]) start += 1;
  let end = 0;
  while (
    end < one.length - start &&
    end < two.length - start &&
    one[one.length - 1 - end] === two[two.length - 1 - end]
  ) {
    end += 1;
  }
  const same = (lines: string[]): Piece[] => lines.map((line) => ({ sign: " ", line }));
  return [
    ...same(one.slice(0, start)),
    ...between(one.slice(start, one.length - end), two.slice(start, two.length - end)),
    ...same(one.slice(one.length - end)),
  ];
}

function between(one: string[], two: string[]): Piece[] {
  const gone = (line: string): Piece => ({ sign: "-", line });
  const fresh = (line: string): Piece => ({ sign: "+", line });
  if (one.length * two.length > MOST) return [...one.map(gone), ...two.map(fresh)];
  // common[i][j]: how many lines one.slice(i) and two.slice(j) have in common, in order.
  const width = two.length + 1;
  const common = new Uint32Array((one.length + 1) * width);
  for (let i = one.length - 1; i >= 0; i -= 1) {
    for (let j = two.length - 1; j >= 0; j -= 1) {
      const next = (i + 1) * width + j;
      common[i * width + j] =
        one[i] === two[j]
          ? (common[next + 1] ?? 0) + 1
          : Math.max(common[next] ?? 0, common[i * width + j + 1] ?? 0);
    }
  }
  const found: Piece[] = [];
  let i = 0;
  let j = 0;
  while (i < one.length && j < two.length) {
    const line = one[i] ?? "";
    if (line === two[j]) {
      found.push({ sign: " ", line });
      i += 1;
      j += 1;
    } else if ((common[(i + 1) * width + j] ?? 0) >= (common[i * width + j + 1] ?? 0)) {
      found.push(gone(line));
      i += 1;
    } else {
      found.push(fresh(two[j] ?? ""));
      j += 1;
    }
  }
  return [...found, ...one.slice(i).map(gone), ...two.slice(j).map(fresh)];
}
