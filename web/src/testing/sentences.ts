/** Every sentence that the screens say, read from the code. */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import ts from "typescript";

export const SOURCE = path.resolve(import.meta.dirname, "..");

export interface Sentence {
  text: string;
  file: string;
}

/** Files below src whose name fits, as paths from there. */
export function filesOf(fits: RegExp): string[] {
  return readdirSync(SOURCE, { recursive: true, encoding: "utf8" }).filter((name) =>
    fits.test(name),
  );
}

function files(): string[] {
  return filesOf(/\.tsx?$/).filter((name) => !/\.test\.tsx?$|^api\/made|^testing/.test(name));
}

/** What stands in t("…") and tn(n, "…", "…"), and what stands in none of them but is shown. */
export function sentences(): { said: Sentence[]; bare: Sentence[]; computed: Sentence[] } {
  const said: Sentence[] = [];
  const bare: Sentence[] = [];
  const computed: Sentence[] = [];
  for (const file of files()) {
    const text = readFileSync(path.join(SOURCE, file), "utf8");
    const tree = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX);
    const visit = (node: ts.Node): void => {
      if (ts.isCallExpression(node) && ts.isIdentifier(node.expression)) {
        const name = node.expression.text;
        const keys = name === "t" ? [0] : name === "tn" ? [1, 2] : [];
        for (const at of keys) {
          const key = node.arguments[at];
          if (key && ts.isStringLiteralLike(key)) said.push({ text: key.text, file });
          else if (file !== "words/words.ts") computed.push({ text: node.getText(tree), file });
        }
      }
      const shown = bareText(node);
      if (shown) bare.push({ text: shown, file });
      ts.forEachChild(node, visit);
    };
    visit(tree);
  }
  return { said, bare, computed };
}

const SHOWN = new Set(["label", "placeholder", "title", "aria-label", "alt", "description"]);
/** The name of the product and of a language is the same in every language. */
const SAME = new Set(["Vigie", "English", "Français"]);

function bareText(node: ts.Node): string {
  let text = "";
  if (ts.isJsxText(node)) text = node.text.trim();
  if (
    ts.isJsxAttribute(node) &&
    node.initializer &&
    ts.isStringLiteral(node.initializer) &&
    SHOWN.has(node.name.getText())
  ) {
    text = node.initializer.text;
  }
  return /\p{L}{2}/u.test(text) && !SAME.has(text) ? text : "";
}
