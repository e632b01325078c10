/**
 * A step of every build: the trace points (src/kernel/trace/points.ts) are taken out of a product,
 * or, in the tracing build, lead to what records.
 *
 * A product has nothing of them: neither the calls, nor what these are given, nor the module. What
 * is left is what the sources would be if nobody had written them.
 */
import { parseAst } from "rollup/parseAst";
import { childrenOf, walk } from "./tree.mjs";

/** @typedef {import("./tree.mjs").Node} Node */

/** How the modules that tell something import the points. */
const POINTS = "/trace/points.js";

/** @param {Node} statement */
function isImport(statement) {
  if (statement.type !== "ImportDeclaration") return false;
  return String(/** @type {Node} */ (statement["source"])["value"]).endsWith(POINTS);
}

/**
 * The names under which a module knows trace points.
 * @param {Node[]} imports
 */
function namesIn(imports) {
  const specifiers = imports.flatMap((each) => /** @type {Node[]} */ (each["specifiers"]));
  return new Set(specifiers.map((each) => /** @type {Node} */ (each["local"])["name"]));
}

/**
 * The call of a trace point as a statement of its own.
 * @param {Node} node
 * @param {Set<unknown>} names
 */
function isPoint(node, names) {
  if (node.type !== "ExpressionStatement") return false;
  const call = /** @type {Node} */ (node["expression"]);
  if (call.type !== "CallExpression") return false;
  const callee = /** @type {Node} */ (call["callee"]);
  return callee.type === "Identifier" && names.has(callee["name"]);
}

/**
 * The same module without its trace points. Throws where one is more than a statement.
 * @param {string} code
 * @returns {string}
 */
export function withoutPoints(code) {
  if (!code.includes(POINTS)) return code;
  const program = /** @type {Node} */ (/** @type {unknown} */ (parseAst(code)));
  const statements = /** @type {Node[]} */ (program["body"]);
  const imports = statements.filter(isImport);
  const names = namesIn(imports);
  /** @type {Node[]} */
  const gone = [...imports];
  walk(program, (node) => {
    // The body of an `if` or a loop would leave nothing behind.
    const isBlock = node.type === "Program" || node.type === "BlockStatement";
    if (isBlock) gone.push(...childrenOf(node).filter((child) => isPoint(child, names)));
    if (isImport(node) || gone.includes(node)) return false;
    if (node.type === "Identifier" && names.has(node["name"])) {
      throw new Error(`${node["name"]} is a trace point, and not a statement of its own`);
    }
    return true;
  });
  let rest = "";
  let end = 0;
  for (const { start, end: after } of gone.sort((a, b) => a.start - b.start)) {
    rest += code.slice(end, start).replace(/[ \t]*$/, "");
    end = code[after] === "\n" ? after + 1 : after;
  }
  return rest + code.slice(end);
}

/**
 * For rollup, behind what makes JavaScript of the sources.
 * @returns {import("rollup").Plugin}
 */
export function noTrace() {
  return {
    name: "no-trace",
    transform: (code, id) => {
      if (id.endsWith("/trace/points.ts")) throw new Error(`${id} is in a product`);
      const rest = withoutPoints(code);
      return rest === code ? null : { code: rest, map: null };
    },
  };
}

/**
 * For rollup: the trace points are those of this file.
 * @param {string} file
 * @returns {import("rollup").Plugin}
 */
export function tracing(file) {
  return {
    name: "tracing",
    resolveId: (id) => (id.endsWith(POINTS) ? file : null),
  };
}
