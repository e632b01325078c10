/**
 * Tidy rules on the memory that tasks share, and on what the message path may allocate.
 *
 * Each of them keeps a promise that no type checks: one file waits, one file knows offsets, one
 * file holds state, and a message makes no garbage on XS.
 */
import ts from "typescript";
import { findNodes, select, type Finding, type Rule, type SourceFile } from "./source.js";

const SRC = /^src\/.*\.ts$/;
const WAIT = "src/kernel/task/doorbell.ts";
/** The operations that do not wait; a test build replaces this one file. */
const ATOMIC = "src/arena/atomic.ts";
const LAYOUT = "src/arena/layout.ts";

/** The file that declares what a VM knows, as properties of its global object. */
const STATE = "src/arena/vm.ts";

/** What runs for every message. Here XS must not allocate. */
const MESSAGE_PATH: readonly string[] = [
  "src/arena/address.ts",
  "src/kernel/channel/priority.ts",
  "src/kernel/message/copy.ts",
  "src/kernel/message/event.ts",
  "src/kernel/message/common-case.ts",
  "src/kernel/message/kernel-pulse.ts",
  "src/kernel/pulse/pulse.ts",
  "src/kernel/message/rcvid.ts",
  "src/kernel/message/receive.ts",
  "src/kernel/message/reply.ts",
  "src/kernel/message/send.ts",
  "src/kernel/message/transfer.ts",
  "src/kernel/time/timeout.ts",
  "src/kernel/task/claim.ts",
  "src/kernel/task/doorbell.ts",
  "src/ha/cover.ts",
];

function checkAtomics(files: readonly SourceFile[]): Finding[] {
  return findNodes(select(files, SRC), (node, { path }) => {
    if (path === WAIT) return undefined;
    if (ts.isIdentifier(node) && node.text === "Atomics" && path !== ATOMIC) {
      return `use the operations of ${ATOMIC}; only it and ${WAIT} name Atomics`;
    }
    // An alias in atomic.ts is harmless until somebody else imports it.
    if (ts.isImportSpecifier(node) && /^(wait|waitAsync|notify)$/.test(nameIn(node))) {
      return `only ${WAIT} waits and notifies; everybody else uses its functions`;
    }
    return undefined;
  });
}

/** The name an import has in the module it comes from. */
function nameIn(node: ts.ImportSpecifier): string {
  return (node.propertyName ?? node.name).text;
}

function checkOffsets(files: readonly SourceFile[]): Finding[] {
  const what = `an offset has a name in ${LAYOUT}; only the next word (+ 1) needs none`;
  const sources = select(files, SRC).filter(({ path }) => path !== LAYOUT);
  return findNodes(sources, (node) => {
    if (ts.isElementAccessExpression(node) && isWords(node.expression)) {
      return hasRawOffset(node.argumentExpression) ? what : undefined;
    }
    if (ts.isCallExpression(node) && isWords(node.arguments[0])) {
      return hasRawOffset(node.arguments[1]) ? what : undefined;
    }
    return undefined;
  });
}

/** Is this the arena, or the own record in it, read as words: `$words`, `own`, `vm.words`? */
function isWords(node: ts.Node | undefined): boolean {
  if (node === undefined) return false;
  const name = ts.isPropertyAccessExpression(node) ? node.name : node;
  return ts.isIdentifier(name) && /^\$?(words|own)$/.test(name.text);
}

/** Is a number other than 1 added or subtracted in this sum? */
function hasRawOffset(node: ts.Node | undefined): boolean {
  if (node === undefined) return false;
  if (ts.isParenthesizedExpression(node)) return hasRawOffset(node.expression);
  if (!ts.isBinaryExpression(node)) return false;
  const { kind } = node.operatorToken;
  if (kind !== ts.SyntaxKind.PlusToken && kind !== ts.SyntaxKind.MinusToken) return false;
  return [node.left, node.right].some((side) => isRawNumber(side) || hasRawOffset(side));
}

function isRawNumber(node: ts.Node): boolean {
  return ts.isNumericLiteral(node) && node.text !== "1";
}

function checkState(files: readonly SourceFile[]): Finding[] {
  return findNodes(select(files, SRC), (node, { path }) => {
    if (ts.isModuleDeclaration(node) && path !== STATE) {
      return `what a VM knows is declared in ${STATE} only`;
    }
    if (!ts.isVariableStatement(node) || !ts.isSourceFile(node.parent)) return undefined;
    if ((node.declarationList.flags & ts.NodeFlags.Const) !== 0) return undefined;
    return "no module-level variables: a preloaded module lies in flash, and the linker warns";
  });
}

function checkEnums(files: readonly SourceFile[]): Finding[] {
  return findNodes(select(files, SRC), (node) =>
    ts.isEnumDeclaration(node) ? "no enum: XS cannot freeze it; use `export const`" : undefined,
  );
}

function checkMessagePath(files: readonly SourceFile[]): Finding[] {
  const sources = files.filter(({ path }) => MESSAGE_PATH.includes(path));
  return findNodes(sources, (node) => {
    const name = allocationOf(node);
    return name === undefined ? undefined : `no ${name} on the message path: it allocates on XS`;
  });
}

function allocationOf(node: ts.Node): string | undefined {
  if (ts.isForOfStatement(node)) return "for…of";
  if (ts.isForInStatement(node)) return "for…in";
  if (ts.isSpreadElement(node) || ts.isSpreadAssignment(node)) return "spread";
  if (ts.isParameter(node) && node.dotDotDotToken !== undefined) return "rest parameter";
  if (ts.isArrayBindingPattern(node)) return "array destructuring";
  const isAssignment =
    ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.EqualsToken;
  if (isAssignment && ts.isArrayLiteralExpression(node.left)) return "array destructuring";
  return undefined;
}

function checkLists(files: readonly SourceFile[]): Finding[] {
  const paths = new Set(files.map(({ path }) => path));
  return [WAIT, ATOMIC, LAYOUT, STATE, ...MESSAGE_PATH]
    .filter((path) => !paths.has(path))
    .map((path) => ({
      path,
      line: 1,
      what: "is gone: correct the lists in test/package/tidy/kernel.ts",
    }));
}

export const KERNEL_RULES: readonly Rule[] = [
  {
    title: "Atomics: only in atomic.ts and doorbell.ts, waiting only in doorbell.ts",
    check: checkAtomics,
    bad: {
      "src/kernel/a.ts": "//\nAtomics.wait(words, 0, 0, 1);\nAtomics.load(words, 0);\n",
      "src/ha/b.ts": 'const { notify } = Atomics;\nconst w = globalThis["Atomics"];\n',
      "src/ha/c.ts": 'import { load } from "../kernel/atomic.js";\n',
      "src/ha/d.ts": 'import { notify as wake } from "../kernel/atomic.js";\n',
      [ATOMIC]: "const { load } = Atomics;\n",
      [WAIT]: 'import { wait } from "./atomic.js";\nAtomics.notify(words, 0, 1);\n',
    },
    found: ["src/kernel/a.ts:2", "src/kernel/a.ts:3", "src/ha/b.ts:1", "src/ha/d.ts:1"],
  },
  {
    title: "offsets: only in layout.ts",
    check: checkOffsets,
    bad: {
      "src/kernel/a.ts": "words[at + 3] = 0;\nload($own, at + L.F + 2);\nvm.words[4 + at]++;\n",
      "src/kernel/b.ts": "words[at + L.F]++;\nwords[at + 1]++;\nbytes[at + 3]++;\nrow(at + 3);\n",
      "src/ha/c.ts": "store(words, (at - 2) + L.F, 0);\nwords[at + L.F + i * 2]++;\n",
      [LAYOUT]: "words[at + 3]++;\n",
    },
    found: ["src/kernel/a.ts:1", "src/kernel/a.ts:2", "src/kernel/a.ts:3", "src/ha/c.ts:1"],
  },
  {
    title: "state: no module-level variables; globals only in vm.ts",
    check: checkState,
    bad: {
      "src/kernel/a.ts": "const a = 1;\nlet b = 2;\nexport let c = 3;\nvar d;\n",
      "src/kernel/b.ts": "function f() {\n  let b = 2;\n}\n",
      [STATE]: "declare global {\n  var $me: number;\n}\n",
      "src/ha/e.ts": "declare global {\n  var $mine: number;\n}\n",
    },
    found: ["src/kernel/a.ts:2", "src/kernel/a.ts:3", "src/kernel/a.ts:4", "src/ha/e.ts:1"],
  },
  {
    title: "enum: none in src",
    check: checkEnums,
    bad: { "src/a.ts": "//\nexport const enum A {}\n", "test/b.ts": "enum A {}\n" },
    found: ["src/a.ts:2"],
  },
  {
    title: "message path: no for…of, for…in, spread, rest or array destructuring",
    check: checkMessagePath,
    bad: {
      "src/kernel/message/send.ts":
        "for (const a of b) c();\nfor (const a in b) c();\nf(...a);\nconst o = { ...a };\n" +
        "function g(...a) {}\nconst [h] = a;\n[i, j] = a;\nconst { k } = a;\n",
      "src/kernel/boot.ts": "for (const a of b) c(...a);\n",
    },
    found: [1, 2, 3, 4, 5, 6, 7].map((line) => `src/kernel/message/send.ts:${line}`),
  },
  {
    title: "tidy: the files that these rules name exist",
    check: checkLists,
    bad: Object.fromEntries([WAIT, ATOMIC, LAYOUT, ...MESSAGE_PATH].map((path) => [path, ""])),
    found: ["src/arena/vm.ts:1"],
  },
];
