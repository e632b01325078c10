/**
 * What the tidy rules look at, and what a rule is.
 *
 * A rule is a pure function of a tree of files, so that it can be shown a tree that breaks it: each
 * carries one. A rule that finds nothing there has stopped working, and its test says so.
 */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";

/** One file: its path from the root, with slashes, and its text. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** A place that breaks a rule. `what` says what is wrong and what is allowed. */
export interface Finding {
  readonly path: string;
  readonly line: number;
  readonly what: string;
}

export interface Rule {
  /** The fact that holds when the rule finds nothing. */
  readonly title: string;
  readonly check: (files: readonly SourceFile[]) => Finding[];
  /** A tree that breaks the rule, path -> text … */
  readonly bad: Readonly<Record<string, string>>;
  /** … and what must be found in it, as path:line. */
  readonly found: readonly string[];
}

const root = join(import.meta.dirname, "../../..");

/**
 * All texts that are, or would be, in the repository: what .gitignore names is left out, and so are
 * pictures, whose bytes are no words.
 */
export function readTree(): SourceFile[] {
  const list = execFileSync("git", ["ls-files", "-coz", "--exclude-standard"], {
    cwd: root,
    encoding: "utf8",
  });
  return list
    .split("\0")
    .filter((path) => path !== "" && existsSync(join(root, path)))
    .map((path) => ({ path, text: readFileSync(join(root, path), "utf8") }))
    .filter(({ text }) => !text.includes("\0"));
}

/** A tree made of a rule's bad example. */
export function treeOf(texts: Readonly<Record<string, string>>): SourceFile[] {
  return Object.entries(texts).map(([path, text]) => ({ path, text }));
}

/** The files that `pattern` matches. */
export function select(files: readonly SourceFile[], pattern: RegExp): SourceFile[] {
  return files.filter(({ path }) => pattern.test(path));
}

/** Finds every line that `isBad` says is bad. */
export function findLines(
  files: readonly SourceFile[],
  isBad: (line: string) => boolean,
  what: string,
): Finding[] {
  return files.flatMap(({ path, text }) =>
    text
      .split("\n")
      .flatMap((line, index) => (isBad(line) ? [{ path, line: index + 1, what }] : [])),
  );
}

const parsed = new WeakMap<SourceFile, ts.SourceFile>();

/** The syntax tree of a TypeScript or JavaScript file. */
export function parse(file: SourceFile): ts.SourceFile {
  let tree = parsed.get(file);
  if (tree === undefined) {
    tree = ts.createSourceFile(file.path, file.text, ts.ScriptTarget.Latest, true);
    parsed.set(file, tree);
  }
  return tree;
}

/** Finds every node for which `judge` has something to say. */
export function findNodes(
  files: readonly SourceFile[],
  judge: (node: ts.Node, file: SourceFile) => string | undefined,
): Finding[] {
  const findings: Finding[] = [];
  for (const file of files) {
    const tree = parse(file);
    const visit = (node: ts.Node): void => {
      const what = judge(node, file);
      if (what !== undefined) findings.push({ path: file.path, line: lineOf(node, tree), what });
      ts.forEachChild(node, visit);
    };
    visit(tree);
  }
  return findings;
}

/** The line on which a node begins, counted from 1. */
export function lineOf(node: ts.Node, tree: ts.SourceFile): number {
  return tree.getLineAndCharacterOfPosition(node.getStart(tree)).line + 1;
}
