/**
 * A step of the device build: function declarations of a module become arrow functions.
 *
 * XS makes a `.prototype` for each function declaration, and an arrow function has none. In what is
 * preloaded this is flash: four slots of 16 bytes a function. The sources stay as they are.
 */
import { parseAst } from "rollup/parseAst";
import { walk } from "./tree.mjs";

/** @typedef {import("./tree.mjs").Node} Node */

/**
 * Does the function use what only a function of its own has? Arrow functions and the code around
 * them share it.
 * @param {Node} declaration
 */
function hasOwn(declaration) {
  let found = false;
  walk(declaration, (node) => {
    if (node.type === "ThisExpression" || node.type === "MetaProperty") found = true;
    if (node.type === "Identifier" && node["name"] === "arguments") found = true;
    // These have their own again; a class may name ours in a computed key, but nobody does.
    const isOther = node.type === "FunctionExpression" || node.type === "FunctionDeclaration";
    return !found && (node === declaration || !isOther);
  });
  return found;
}

/**
 * Names that are constructed, asked for their prototype, or set: those stay functions.
 * @param {Node} program
 * @returns {Set<unknown>}
 */
function namesInUse(program) {
  const names = new Set();
  /** @param {unknown} node */
  const nameOf = (node) => /** @type {Node | null} */ (node)?.["name"];
  /** @param {unknown} node */
  const add = (node) => names.add(nameOf(node));
  walk(program, (node) => {
    if (node.type === "NewExpression") add(node["callee"]);
    if (node.type === "AssignmentExpression") add(node["left"]);
    if (node.type === "MemberExpression" && nameOf(node["property"]) === "prototype") {
      add(node["object"]);
    }
    if (node.type === "BinaryExpression" && node["operator"] === "instanceof") add(node["right"]);
    if (node.type.startsWith("Class")) add(node["superClass"]);
  });
  return names;
}

/**
 * The same module with arrow functions in place of its function declarations, where nobody can tell
 * the difference. They come first: a declaration may be called by what stands above it.
 * @param {string} code
 * @returns {string}
 */
export function toArrowFunctions(code) {
  const program = /** @type {Node} */ (/** @type {unknown} */ (parseAst(code)));
  const kept = namesInUse(program);
  let imports = "";
  let functions = "";
  let rest = "";
  let end = 0;
  for (const statement of /** @type {Node[]} */ (program["body"])) {
    const text = code.slice(statement.start, statement.end);
    const between = code.slice(end, statement.start);
    end = statement.end;
    if (statement.type === "ImportDeclaration") imports += between + text;
    else if (isPlain(statement, kept)) functions += between + arrowOf(statement, code);
    else rest += between + text;
  }
  return `${imports}\n${functions}${rest}${code.slice(end)}`;
}

/**
 * @param {Node} statement
 * @param {Set<unknown>} kept
 */
function isPlain(statement, kept) {
  if (statement.type !== "FunctionDeclaration") return false;
  if (statement["async"] === true || statement["generator"] === true) return false;
  const { name } = /** @type {Node} */ (statement["id"]);
  return !kept.has(name) && !hasOwn(statement);
}

/**
 * @param {Node} declaration
 * @param {string} code
 */
function arrowOf({ id, body, end }, code) {
  const { start: nameStart, end: nameEnd } = /** @type {Node} */ (id);
  const { start } = /** @type {Node} */ (body);
  const name = code.slice(nameStart, nameEnd);
  return `const ${name} = ${code.slice(nameEnd, start).trim()} => ${code.slice(start, end)};`;
}

/**
 * For rollup, after what makes the code smaller.
 * @returns {import("rollup").Plugin}
 */
export function arrowFunctions() {
  return {
    name: "arrow-functions",
    renderChunk: (code) => ({ code: toArrowFunctions(code), map: null }),
  };
}
