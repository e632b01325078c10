/**
 * docs/errno.md: the error numbers, what each means, and which calls return it. Meanings are the
 * comments of src/kernel/errno.ts, and calls those whose own comments name the error.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { table } from "./markdown.js";

const SRC = join(import.meta.dirname, "../../src");

const ERRNO = join(SRC, "kernel/errno.ts");

const HEAD = `<!-- Made by npm run docs from the comments of src. -->

# Error numbers

A call returns one integer: 0 or more is the value, less than 0 the negative errno, \`-EBADF\`.
The numbers are QNX's. \`errnoName(result)\` is the name of one, for a log.

A server may answer with any of them (\`MsgError\`), and its client's call returns it. Those
without a call here are only for that: Reattach itself does not return them.
`;

/** What the comments of single calls do not say. */
const ALSO: Readonly<Record<string, string>> = {
  EINTR: "`MsgSend`, when its server calls `MsgError(rcvid, -1)` and nobody asked it to unblock",
  EPERM: "calls of `reattach/ham` that the task's `abilities` do not allow",
  ERESTART: "no call: after `MsgError(rcvid, ERESTART)` the client sends again",
  ENOSYS: "`MsgSend`, when no handler of `dispatch_block` takes the message",
  EPROTO: "`open` of `reattach/service`, when the server has another version of the service",
  EHOSTUNREACH: "calls of `reattach/ham` for another board: `…_node`",
};

function parse(file: string): ts.SourceFile {
  return ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest, true);
}

/** The comment above a declaration, as one line. */
function commentOf(node: ts.Node): string {
  return ts
    .getJSDocCommentsAndTags(node)
    .map(({ comment }) => ts.getTextOfJSDocComment(comment) ?? "")
    .join(" ")
    .replace(/\s+/g, " ");
}

function isExported(node: ts.Node): boolean {
  return ts.canHaveModifiers(node)
    ? (ts.getModifiers(node) ?? []).some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)
    : false;
}

/** Names of what a file declares and exports, with their comments. */
function* exportsOf(source: ts.SourceFile): Generator<{ name: string; node: ts.Node }> {
  for (const node of source.statements) {
    if (!isExported(node)) continue;
    if (ts.isFunctionDeclaration(node) || ts.isClassDeclaration(node)) {
      if (node.name !== undefined) yield { name: node.name.text, node };
    } else if (ts.isVariableStatement(node)) {
      for (const { name } of node.declarationList.declarations)
        yield { name: name.getText(), node };
    }
  }
}

/** Names that an application can import: those that the indexes list. */
function publicNames(): Set<string> {
  const names = new Set<string>();
  for (const index of ["index.ts", "ham/index.ts"]) {
    for (const node of parse(join(SRC, index)).statements) {
      if (!ts.isExportDeclaration(node) || node.exportClause === undefined) continue;
      if (!ts.isNamedExports(node.exportClause)) continue;
      for (const { name } of node.exportClause.elements) names.add(name.text);
    }
  }
  return names;
}

/** The calls whose comments name an error, by the error's name. */
function callsByError(): Map<string, Set<string>> {
  const names = publicNames();
  const calls = new Map<string, Set<string>>();
  for (const path of readdirSync(SRC, { recursive: true, encoding: "utf8" }).sort()) {
    if (!path.endsWith(".ts") || join(SRC, path) === ERRNO) continue;
    for (const { name, node } of exportsOf(parse(join(SRC, path)))) {
      if (!names.has(name)) continue;
      for (const [, error] of commentOf(node).matchAll(/-(E[A-Z]+)\b/g)) {
        calls.set(error!, (calls.get(error!) ?? new Set()).add(name));
      }
    }
  }
  return calls;
}

/** One of the numbers. */
interface ErrorNumber {
  readonly name: string;
  readonly number: number;
  readonly about: string;
}

function errorNumbers(): ErrorNumber[] {
  const source = parse(ERRNO);
  const numbers: ErrorNumber[] = [];
  for (const { name, node } of exportsOf(source)) {
    if (!/^E[A-Z]+$/.test(name) || !ts.isVariableStatement(node)) continue;
    const { initializer } = node.declarationList.declarations[0]!;
    numbers.push({ name, number: Number(initializer!.getText()), about: commentOf(node) });
  }
  return numbers;
}

/** The page. */
export function errnoPage(): string {
  const calls = callsByError();
  const rows = errorNumbers().map(({ name, number, about }) => [
    String(number),
    `\`${name}\``,
    about,
    [...[...(calls.get(name) ?? [])].sort().map((call) => `\`${call}\``), ALSO[name]]
      .filter((text) => text !== undefined)
      .join(", "),
  ]);
  return `${HEAD}\n${table(["number", "name", "meaning", "returned by"], rows)}`;
}
