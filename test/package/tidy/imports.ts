/**
 * Tidy rules on imports: the folders are the architecture, and imports point one way.
 *
 *   host.ts, arena, kernel  <-  ha  <-  manager, ham  <-  index.ts, manifest  <-  hosts/*  <-  test
 *                                                         index.ts  <-  service
 *
 * Folders of src know each other in one direction, so each can be read when those below it are
 * known. Files of one folder may import each other: what they use of each other is called, and
 * nothing of it runs while modules load.
 */
import { posix } from "node:path";
import ts from "typescript";
import { findNodes, lineOf, parse, select, type Finding } from "./source.js";
import type { Rule, SourceFile } from "./source.js";

const KERNEL = ["src/host", "src/arena", "src/kernel"];
const PRODUCT = [...KERNEL, "src/ha", "src/manager", "src/ham", "src/index", "src/service"];

/** What each layer may import. A layer is found by layerOf(). */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  "src/host": [],
  "src/arena": KERNEL,
  "src/kernel": KERNEL,
  "src/ha": [...KERNEL, "src/ha"],
  "src/manager": [...KERNEL, "src/ha", "src/manager"],
  "src/ham": [...KERNEL, "src/manager", "src/ham"],
  "src/manifest": [...KERNEL, "src/manager", "src/manifest"],
  "src/index": [...KERNEL, "src/ha"],
  "src/net": [...KERNEL, "src/manifest", "src/net"],
  // Services stand on the public calls.
  "src/service": ["src/index", "src/service"],
  hosts: [...PRODUCT, "src/manifest", "src/net"],
  bench: [...PRODUCT, "hosts", "bench"],
};

/** `src/kernel/pulse/a.ts` -> src/kernel, `src/host.ts` -> src/host, `hosts/node/x.ts` -> hosts. */
function layerOf(path: string): string {
  const [top = "", second = ""] = path.split("/");
  return top === "src" ? `src/${second.replace(/\.\w+$/, "")}` : top;
}

/** The module a node imports or re-exports, and whether the import leaves a trace at run time. */
function importOf(node: ts.Node): { specifier: ts.Expression; isType: boolean } | undefined {
  if (ts.isImportDeclaration(node)) {
    return { specifier: node.moduleSpecifier, isType: node.importClause?.isTypeOnly ?? false };
  }
  if (ts.isExportDeclaration(node) && node.moduleSpecifier !== undefined) {
    return { specifier: node.moduleSpecifier, isType: node.isTypeOnly };
  }
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
    return { specifier: node.argument.literal as ts.Expression, isType: true };
  }
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
    const [specifier] = node.arguments;
    return specifier === undefined ? undefined : { specifier, isType: false };
  }
  return undefined;
}

/** The path of what is imported, when that is a file of this repository. */
function targetOf(file: SourceFile, specifier: ts.Expression): string | undefined {
  if (!ts.isStringLiteralLike(specifier) || !specifier.text.startsWith(".")) return undefined;
  return posix.join(posix.dirname(file.path), specifier.text).replace(/\.js$/, ".ts");
}

function judgeDirection(node: ts.Node, file: SourceFile): string | undefined {
  const imported = importOf(node);
  if (imported === undefined) return undefined;
  const from = layerOf(file.path);
  const allowed = MAY_IMPORT[from];
  if (allowed === undefined) return `${from} is no layer: give it a line in MAY_IMPORT`;
  const target = targetOf(file, imported.specifier);
  if (target === undefined) {
    if (!file.path.startsWith("src/")) return undefined;
    return "src imports nothing of Node.js, Moddable or npm, and no computed name";
  }
  const to = layerOf(target);
  if (allowed.includes(to) || isSameHost(file.path, target)) return undefined;
  return `${from} may import ${allowed.join(", ") || "nothing"}, but not ${to}`;
}

/** Hosts do not know each other. But the chip's command reads manifests as the simulator does. */
const CHIP_COMMAND = { path: "hosts/xs-chip/cli/", knows: /^hosts\/(node|xs-test)\// };

function isSameHost(path: string, target: string): boolean {
  const host = /^hosts\/\w[\w-]*\//.exec(path);
  if (host === null) return false;
  return (
    target.startsWith(host[0]) ||
    (path.startsWith(CHIP_COMMAND.path) && CHIP_COMMAND.knows.test(target))
  );
}

function checkDirection(files: readonly SourceFile[]): Finding[] {
  return findNodes(select(files, /^(src|hosts|bench)\/.*\.tsx?$/), judgeDirection);
}

/**
 * The room of a source: its folder. A folder that holds folders is no room: what lies directly in
 * it (`src/kernel/errno.ts`) counts alone, below or above its neighbours.
 */
function roomOf(path: string, halls: ReadonlySet<string>): string {
  const folder = posix.dirname(path);
  return halls.has(folder) ? path : folder;
}

function checkCycles(files: readonly SourceFile[]): Finding[] {
  const sources = select(files, /^src\/.*\.ts$/);
  const halls = new Set(sources.map(({ path }) => posix.dirname(posix.dirname(path))));
  const exits = new Map<string, Exit[]>();
  for (const file of sources) {
    const room = roomOf(file.path, halls);
    for (const { target, line } of valueImports(file)) {
      const to = roomOf(target, halls);
      if (to === room) continue;
      exits.set(room, [...(exits.get(room) ?? []), { to, path: file.path, line }]);
    }
  }
  return cyclesOf(exits);
}

/** An import that leaves a room. */
interface Exit {
  readonly to: string;
  readonly path: string;
  readonly line: number;
}

/** The imports that close a cycle of rooms, one for each cycle that a walk meets. */
function cyclesOf(exits: ReadonlyMap<string, readonly Exit[]>): Finding[] {
  const findings: Finding[] = [];
  const done = new Set<string>();
  const open: string[] = [];
  const enter = (room: string): void => {
    open.push(room);
    for (const { to, path, line } of exits.get(room) ?? []) {
      const start = open.indexOf(to);
      if (start >= 0) {
        const cycle = [...open.slice(start), to].join(" > ");
        findings.push({ path, line, what: `no cycles among folders: ${cycle}` });
      } else if (!done.has(to)) {
        enter(to);
      }
    }
    open.pop();
    done.add(room);
  };
  for (const room of exits.keys()) if (!done.has(room)) enter(room);
  return findings;
}

/** What a file imports at run time. Types alone make no cycle. */
function valueImports(file: SourceFile): { target: string; line: number }[] {
  const tree = parse(file);
  return tree.statements.flatMap((node) => {
    const imported = importOf(node);
    if (imported === undefined || imported.isType) return [];
    const target = targetOf(file, imported.specifier);
    return target === undefined ? [] : [{ target, line: lineOf(node, tree) }];
  });
}

export const IMPORT_RULES: readonly Rule[] = [
  {
    title:
      "imports: arena, kernel <- ha, manager, ham <- index.ts, manifest <- hosts <- test, bench",
    check: checkDirection,
    bad: {
      "src/host.ts": 'import type { Vm } from "./kernel/state.js";\n',
      "src/kernel/a.ts":
        'import { b } from "./b.js";\nexport { c } from "../ha/c.js";\n' +
        'import "../../hosts/node/x.js";\n',
      "src/kernel/b.ts":
        'import { now } from "node:timers";\nimport type { P } from "../host.js";\n',
      "src/ha/c.ts": 'import { d } from "../kernel/b.js";\nimport { h } from "../ham/h.js";\n',
      "src/ham/h.ts": 'const c = await import("../ha/c.js");\n',
      "src/util/u.ts": 'import "./v.js";\n',
      "hosts/node/x.ts": 'import "node:fs";\nimport "./y.js";\nimport "../moddable/z.js";\n',
      "hosts/xs-chip/cli/x.ts": 'import "../../node/x.js";\nimport "../../moddable/z.js";\n',
      "bench/b.ts": 'import "../hosts/node/x.js";\nimport "../test/t.js";\n',
    },
    found: [
      "src/host.ts:1",
      "src/kernel/a.ts:2",
      "src/kernel/a.ts:3",
      "src/kernel/b.ts:1",
      "src/ha/c.ts:2",
      "src/ham/h.ts:1",
      "src/util/u.ts:1",
      "hosts/node/x.ts:3",
      "hosts/xs-chip/cli/x.ts:2",
      "bench/b.ts:2",
    ],
  },
  {
    title: "imports: no cycles among the folders of src",
    check: checkCycles,
    bad: {
      "src/kernel/errno.ts": "//\n",
      "src/kernel/a/a.ts": '//\nimport { b } from "../b/b.js";\nimport "../errno.js";\n',
      "src/kernel/b/b.ts": '//\nimport { c } from "./c.js";\nimport "../errno.js";\n',
      "src/kernel/b/c.ts": '//\nimport { b } from "./b.js";\n\nimport { d } from "../a/d.js";\n',
      "src/kernel/a/d.ts": 'import type { E } from "../e/e.js";\n',
      "src/kernel/e/e.ts": 'import { d } from "../a/d.js";\n',
    },
    found: ["src/kernel/b/c.ts:4"],
  },
];
