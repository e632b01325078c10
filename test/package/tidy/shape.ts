/**
 * Tidy rules on size and on how a file begins.
 *
 * A reader takes in one file at a time. The limits keep a file, a function and a line small enough
 * for that; the opening comment says what the file is before any code does.
 */
import ts from "typescript";
import {
  findLines,
  findNodes,
  select,
  type Finding,
  type Rule,
  type SourceFile,
} from "./source.js";

const COLUMNS_MAX = 100;
const FILE_LINES_MAX = 400;
const FUNCTION_LINES_MAX = 70;

/** Mutants quote whole lines of other files. */
const QUOTES = /^test\/proof\/mutants\/list\//;
const CODE = /\.(tsx?|mjs|js|c|h)$/;
const SCRIPT = /\.(tsx?|mjs|js)$/;
const OWN_CODE = /^(src|hosts|bench|test)\/.*\.(tsx?|mjs|js|c|h)$/;

function checkLines(files: readonly SourceFile[]): Finding[] {
  // Spread counts code points: a "…" or a "→" is one column.
  const isLong = (line: string): boolean => [...line].length > COLUMNS_MAX;
  const written = select(files, CODE).filter(({ path }) => !QUOTES.test(path));
  return findLines(written, isLong, `a line has at most ${COLUMNS_MAX} columns`);
}

function checkFiles(files: readonly SourceFile[]): Finding[] {
  return select(files, CODE).flatMap(({ path, text }) => {
    const count = text.trimEnd().split("\n").length;
    if (count <= FILE_LINES_MAX) return [];
    return [{ path, line: count, what: `a file has at most ${FILE_LINES_MAX} lines` }];
  });
}

function checkFunctions(files: readonly SourceFile[]): Finding[] {
  return findNodes(select(files, SCRIPT), (node) => {
    if (!ts.isFunctionLike(node) || !("body" in node) || node.body === undefined) return undefined;
    const count = node.getText().split("\n").length;
    if (count <= FUNCTION_LINES_MAX) return undefined;
    return `a function has at most ${FUNCTION_LINES_MAX} lines, this one ${count}`;
  });
}

function checkOpenings(files: readonly SourceFile[]): Finding[] {
  const what = "a file starts with a comment: what it is and why it exists";
  return select(files, OWN_CODE)
    .filter(({ text }) => !/^(#!.*\n)?(\/\*|\/\/)/.test(text))
    .map(({ path }) => ({ path, line: 1, what }));
}

const longFunction = `/** Too long. */\nfunction long() {\n${"  act();\n".repeat(69)}}\n`;

export const SHAPE_RULES: readonly Rule[] = [
  {
    title: "lines: at most 100 columns",
    check: checkLines,
    bad: { "src/a.ts": `//\n// ${"x".repeat(98)}\n`, "hosts/b/b.c": `// ${"…".repeat(97)}\n` },
    found: ["src/a.ts:2"],
  },
  {
    title: "files: at most 400 lines",
    check: checkFiles,
    bad: { "src/a.ts": "//\n".repeat(401), "src/b.ts": "//\n".repeat(400) },
    found: ["src/a.ts:401"],
  },
  {
    title: "functions: at most 70 lines",
    check: checkFunctions,
    bad: {
      "src/a.ts": longFunction,
      "src/b.ts": longFunction.replace("  act();\n", ""),
      "test/c.ts": `//\nrun(() => {\n${"  act();\n".repeat(69)}});\n`,
    },
    found: ["src/a.ts:2", "test/c.ts:2"],
  },
  {
    title: "files: each starts with a comment",
    check: checkOpenings,
    bad: {
      "src/a.ts": "export const a = 1;\n",
      "hosts/b/cli.ts": "#!/usr/bin/env node\nrun();\n",
      "hosts/b/view.tsx": "export const view = <p />;\n",
      "hosts/b/ok.ts": "#!/usr/bin/env node\n/** Runs. */\nrun();\n",
      "test/ok.ts": "// Good.\n",
    },
    found: ["src/a.ts:1", "hosts/b/cli.ts:1", "hosts/b/view.tsx:1"],
  },
];
