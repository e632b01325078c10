/**
 * A step of the device build: private names (`#name`) become properties of an own spelling.
 *
 * In XS each method closes over each private name that it uses, and each instance holds each
 * private method. In what is preloaded the first is flash, one slot of 16 bytes a name and method;
 * the second is RAM of the VM that makes the instance. Types have been checked before, so nobody
 * else in here uses them. The sources stay as they are.
 */
import { parseAst } from "rollup/parseAst";
import { walk } from "./tree.mjs";

/** @typedef {import("./tree.mjs").Node} Node */

/** How such a property starts. */
const PRIVATE_PREFIX = "$_";

/**
 * How the sources spell the name of a property.
 * @param {string} name
 */
export function sourceName(name) {
  return name.startsWith(PRIVATE_PREFIX) ? `#${name.slice(PRIVATE_PREFIX.length)}` : name;
}

/**
 * The same module without private names. Throws where a name would no longer be the class's own:
 * an inherited class has one of the same name, or it is asked for with `in`.
 * @param {string} code
 * @returns {string}
 */
export function toProperties(code) {
  const program = /** @type {Node} */ (/** @type {unknown} */ (parseAst(code)));
  checkClasses(program);
  let result = "";
  let end = 0;
  walk(program, (node) => {
    if (node.type === "BinaryExpression" && node["operator"] === "in" && isPrivate(node["left"])) {
      throw new Error(`a private name is asked for with "in" at ${node.start}`);
    }
    if (node.type === "Identifier" && String(node["name"]).startsWith(PRIVATE_PREFIX)) {
      throw new Error(`${node["name"]} looks like a private name of the build`);
    }
    if (!isPrivate(node)) return;
    result += code.slice(end, node.start) + PRIVATE_PREFIX + node["name"];
    end = node.end;
  });
  return result + code.slice(end);
}

/** @param {unknown} node */
function isPrivate(node) {
  return /** @type {Node | null} */ (node)?.type === "PrivateIdentifier";
}

/**
 * The private names that a class declares.
 * @param {Node} node
 * @returns {Set<unknown>}
 */
function privateNamesOf(node) {
  const members = /** @type {Node[]} */ (/** @type {Node} */ (node["body"])["body"]);
  const keys = members.map((member) => /** @type {Node | undefined} */ (member["key"]));
  return new Set(keys.filter(isPrivate).map((key) => key?.["name"]));
}

/** @param {Node} program */
function checkClasses(program) {
  /** @type {Map<unknown, Node>} */
  const classes = new Map();
  walk(program, (node) => {
    if (!node.type.startsWith("Class") || node.type === "ClassBody") return;
    const { name } = /** @type {Node | null} */ (node["id"]) ?? { name: "" };
    classes.set(name, node);
    let above = classes.get(/** @type {Node | null} */ (node["superClass"])?.["name"]);
    for (const own = privateNamesOf(node); above !== undefined;) {
      for (const each of privateNamesOf(above)) {
        if (own.has(each)) throw new Error(`${name}: #${each} is a name of its superclass too`);
      }
      above = classes.get(/** @type {Node | null} */ (above["superClass"])?.["name"]);
    }
  });
}

/**
 * For rollup.
 * @returns {import("rollup").Plugin}
 */
export function privateNames() {
  return {
    name: "private-names",
    renderChunk: (code) => ({ code: toProperties(code), map: null }),
  };
}
