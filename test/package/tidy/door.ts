/**
 * A tidy rule on the two bundles of the device build: HAM is one of its own, so what it calls of
 * the rest stands at one door. What it imports elsewhere would be in flash twice, or have a state
 * that is not that of the rest; only numbers may be, which the build puts where their names stand.
 */
import { posix } from "node:path";
import ts from "typescript";
import { findNodes, select, type Finding, type Rule, type SourceFile } from "./source.js";

const HAM = "src/ham/";
const DOOR = "src/manager/for-extensions.ts";
/** It has nothing but numbers. */
const LAYOUT = "src/arena/layout.ts";
const NUMBER = /^[A-Z][A-Z0-9_]*$/;

function judge(node: ts.Node, { path }: SourceFile): string | undefined {
  if (!ts.isImportDeclaration(node) || node.importClause?.isTypeOnly === true) return undefined;
  const { text } = node.moduleSpecifier as ts.StringLiteral;
  const target = posix.join(posix.dirname(path), text).replace(/\.js$/, ".ts");
  if (target.startsWith(HAM) || target === DOOR || target === LAYOUT) return undefined;
  const bindings = node.importClause?.namedBindings;
  const isNumbers =
    bindings !== undefined &&
    ts.isNamedImports(bindings) &&
    bindings.elements.every(({ isTypeOnly, name }) => isTypeOnly || NUMBER.test(name.text));
  return isNumbers ? undefined : `what HAM calls of the rest stands in ${DOOR}`;
}

function checkDoor(files: readonly SourceFile[]): Finding[] {
  return findNodes(select(files, /^src\/ham\/.*\.ts$/), judge);
}

export const DOOR_RULES: readonly Rule[] = [
  {
    title: `imports: HAM calls nothing of the rest but what ${DOOR} has`,
    check: checkDoor,
    bad: {
      "src/ham/model/a.ts":
        'import type { X } from "../../manager/x.js";\n' +
        'import { A_NUMBER, type T } from "../../manager/x.js";\n' +
        'import { call } from "../../manager/for-extensions.js";\n' +
        'import * as L from "../../arena/layout.js";\n' +
        'import { b } from "./b.js";\n' +
        'import { A_NUMBER, call } from "../../manager/x.js";\n' +
        'import * as M from "../../manager/x.js";\n',
    },
    found: ["src/ham/model/a.ts:6", "src/ham/model/a.ts:7"],
  },
];
