/**
 * A step of the device build: what is hot allocates nothing.
 *
 * In a preloaded module each evaluation of a string literal, and each creation of a function,
 * copies it into a new chunk of the machine: Moddable's linker leaves them in flash only in modules
 * that are not preloaded (fxMapCode in xslBase.c), and ours all are. A constant of the module is
 * made once, by the linker. So the literals of hot functions become such constants here, behind the
 * minifier, which would put them back. Cold functions keep theirs: a constant takes 16 bytes of
 * flash, and 16 more in each function that names it.
 *
 * What cannot be moved, as a closure or an object, is an error. What is thrown may allocate: then
 * something is wrong, or the task ends.
 */
import { parseAst } from "rollup/parseAst";
import { CallGraph, isFunction, isKey } from "./call-graph.mjs";
import { childrenOf } from "./tree.mjs";

/** @typedef {import("./call-graph.mjs").Func} Func */
/** @typedef {import("./call-graph.mjs").Node} Node */
/** @typedef {import("./hot-functions.mjs").Hot} Hot */

/**
 * What makes something in the heap: how people call it.
 * @type {Readonly<Record<string, string>>}
 */
const MAKERS = {
  ArrayExpression: "an array",
  ArrayPattern: "an array that is taken apart",
  AwaitExpression: "await",
  ClassExpression: "a class",
  ForInStatement: "for…in",
  ForOfStatement: "for…of",
  NewExpression: "new",
  ObjectExpression: "an object",
  RestElement: "a rest parameter",
  SpreadElement: "a spread",
  TemplateLiteral: "a template",
  YieldExpression: "yield",
};

/** XS 17 keeps a function that is written in C as a number, and makes an object for a property. */
const METHODS_OF_FUNCTIONS = new Set(["apply", "bind", "call"]);

/**
 * @param {CallGraph} graph
 * @param {Node} node
 * @returns {string | undefined}
 */
function makerOf(graph, node) {
  if (isFunction(node)) return `the function ${graph.at(node).name}`;
  if (node.type === "Literal" && "bigint" in node) return "a BigInt";
  if (node.type === "Literal" && "regex" in node) return "a regular expression";
  if (node.type === "Identifier" && node["name"] === "arguments") return "arguments";
  if (node.type === "MemberExpression" && METHODS_OF_FUNCTIONS.has(node["property"]["name"])) {
    return `a function's ${node["property"]["name"]}`;
  }
  return MAKERS[node.type];
}

/**
 * @param {Node} node
 * @param {Node} parent
 */
function isText(node, parent) {
  return node.type === "Literal" && typeof node["value"] === "string" && !isKey(node, parent);
}

/**
 * Is this what a hot function does when something has happened: throws, or calls an exit?
 * @param {CallGraph} graph
 * @param {Set<Func>} exits
 * @param {Func} func
 * @param {Node} node
 */
function isCold(graph, exits, func, node) {
  if (node.type !== "CallExpression") return node.type === "ThrowStatement";
  const callees = graph.calleesOf(node["callee"], func);
  return callees.length > 0 && callees.every((each) => exits.has(each));
}

/**
 * What a hot function evaluates: each node with its parent. What is cold is only named.
 * @param {(node: Node) => boolean} isColdNode
 * @param {Node} node
 * @returns {Generator<[Node, Node]>}
 */
function* evaluated(isColdNode, node) {
  for (const child of childrenOf(node)) {
    yield [child, node];
    if (!isFunction(child) && !isColdNode(child)) yield* evaluated(isColdNode, child);
  }
}

/**
 * All functions of a module; the hot ones, each with the one that calls it; their string literals;
 * what else they make, in words; and what they have that is cold.
 * @param {string} code
 * @param {Hot} hot
 */
export function findHotCode(code, hot) {
  const graph = new CallGraph(/** @type {Node} */ (/** @type {unknown} */ (parseAst(code))));
  const exits = graph.select(hot.exits);
  const callers = graph.reach(graph.select(hot.roots), exits);
  /** @type {Node[]} */
  const texts = [];
  /** @type {Node[]} */
  const cold = [];
  /** @type {string[]} */
  const made = [];
  for (const func of callers.keys()) {
    const isColdHere = (/** @type {Node} */ node) => isCold(graph, exits, func, node);
    for (const [node, parent] of evaluated(isColdHere, func.node)) {
      const what = makerOf(graph, node);
      if (what !== undefined) made.push(`${what} in ${pathTo(func, callers)}`);
      else if (isText(node, parent)) texts.push(node);
      else if (isColdHere(node)) cold.push(node);
    }
  }
  return { functions: graph.functions, callers, texts, made, cold };
}

/**
 * @param {Func} func
 * @param {Map<Func, Func | null>} callers
 */
function pathTo(func, callers) {
  let path = func.name;
  for (let each = callers.get(func); each; each = callers.get(each)) {
    path += `, which ${each.name} calls`;
  }
  return path;
}

/**
 * A name for a constant that nothing else has: TEXT_TIMED_OUT for "timed-out".
 * @param {string} text
 * @param {string} code
 */
function nameFor(text, code) {
  const words = text.toUpperCase().replace(/[^A-Z0-9]+/g, "_");
  let name = `TEXT_${words.replace(/^_|_$/g, "") || "EMPTY"}`;
  while (new RegExp(`\\b${name}\\b`).test(code)) name += "_";
  return name;
}

/**
 * The same module, with the string literals of its hot functions as constants. Throws when
 * something else allocates there.
 * @param {string} code
 * @param {Hot} hot
 * @returns {string}
 */
export function toCleanCode(code, hot) {
  const { texts, made } = findHotCode(code, hot);
  if (made.length > 0) {
    throw new Error(`what is hot (hosts/moddable/build) allocates:\n${made.join("\n")}`);
  }
  /** @type {Map<string, string>} */
  const names = new Map();
  let clean = "";
  let end = 0;
  for (const { start, end: after, value } of texts.sort((a, b) => a.start - b.start)) {
    const name = names.get(value) ?? nameFor(value, `${code} ${[...names.values()].join(" ")}`);
    names.set(value, name);
    clean += code.slice(end, start) + name;
    end = after;
  }
  const constants = [...names].map(([text, name]) => `const ${name} = ${JSON.stringify(text)};\n`);
  return constants.join("") + clean + code.slice(end);
}

/**
 * For rollup, after what makes the code smaller.
 * @param {Hot} [hot]
 * @returns {import("rollup").Plugin}
 */
export function hotCode(hot = { roots: [], exits: [] }) {
  return {
    name: "hot-code",
    renderChunk: (code) => ({ code: toCleanCode(code, hot), map: null }),
  };
}
