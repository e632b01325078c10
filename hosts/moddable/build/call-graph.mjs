/**
 * Who calls whom in a module, as far as its text tells.
 *
 * A function calls whom it names; and by a property, every method and getter of that name, whatever
 * object it belongs to. So too much is found rather than too little. What is not found: a call by a
 * computed name, and one of a function that was handed over and kept.
 */
import { sourceName } from "./private-names.mjs";
import { childrenOf } from "./tree.mjs";

/**
 * @typedef {import("./tree.mjs").Node & Record<string, any>} Node
 *
 * @typedef {object} Func A function, or the module itself.
 * @property {string} name "MsgSend", "Manager.poll", or "boot/now" for one inside another.
 * @property {Node} node
 * @property {Func | null} outer What it stands in.
 * @property {string} owner The class around it, or "".
 * @property {boolean} isField A class has it as a field: XS makes a function around it, too.
 * @property {Map<string, Func | null>} names What is declared in it: functions, classes by their
 *   constructors, and null for anything else.
 * @property {Set<Func>} calls
 */

/** @param {Node} node */
export function isFunction({ type }) {
  return /^(FunctionDeclaration|FunctionExpression|ArrowFunctionExpression)$/.test(type);
}

/**
 * The name of a property, "#name" for a private one, or null for a computed one.
 * @param {Node} node
 * @returns {string | null}
 */
function keyOf({ computed, key, property = key }) {
  if (property.type === "PrivateIdentifier") return `#${property.name}`;
  if (computed) return null;
  if (property.type !== "Identifier") return String(property.value);
  return sourceName(property.name);
}

/**
 * Is this the name of a property, by which no variable is meant?
 * @param {Node} node
 * @param {Node} parent
 */
export function isKey(node, parent) {
  if (parent["computed"] || parent["value"] === node) return false;
  return parent["key"] === node || parent["property"] === node;
}

/** Reads a module. */
export class CallGraph {
  /** @type {Func[]} */
  functions = [];
  /** @type {Map<Node, Func>} */
  #byNode = new Map();
  /** Functions by the property that they are. @type {Map<string, Set<Func>>} */
  #methods = new Map();
  /** Getters and setters. @type {Set<Func>} */
  #accessors = new Set();
  /** Properties whose value is a variable. @type {{ key: string, name: string, within: Func }[]} */
  #aliases = [];

  /** @param {Node} module */
  constructor(module) {
    const whole = this.#create("", module, null, "");
    this.#declare(module, whole, "");
    for (const { key, name, within } of this.#aliases) {
      const value = this.#resolve(name, within);
      if (value !== null) this.#addMethod(key, value);
    }
    for (const each of this.functions) this.#follow(each.node, each);
  }

  /**
   * The function that a node is.
   * @param {Node} node
   */
  at(node) {
    return /** @type {Func} */ (this.#byNode.get(node));
  }

  /**
   * Functions by name; ".log" means every method log, of whatever object. Throws for a name that
   * there is not.
   * @param {readonly string[]} names
   * @returns {Set<Func>}
   */
  select(names) {
    const found = names.flatMap((name) => {
      const those = name.startsWith(".")
        ? [...(this.#methods.get(name.slice(1)) ?? [])]
        : this.functions.filter((each) => each.name === name);
      if (those.length === 0) throw new Error(`hot-functions.mjs: there is no function ${name}`);
      return those;
    });
    return new Set(found);
  }

  /**
   * Every function that is reached from the roots without going through an exit, with the one that
   * reached it first.
   * @param {Iterable<Func>} roots
   * @param {Set<Func>} exits
   */
  reach(roots, exits) {
    /** @type {Map<Func, Func | null>} */
    const callers = new Map();
    for (const root of roots) callers.set(root, null);
    // A Map goes on to what is added meanwhile.
    for (const caller of callers.keys()) {
      for (const callee of caller.calls) {
        if (!exits.has(callee) && !callers.has(callee)) callers.set(callee, caller);
      }
    }
    return callers;
  }

  /**
   * Whom a call may reach.
   * @param {Node} callee
   * @param {Func} within
   * @returns {Func[]}
   */
  calleesOf(callee, within) {
    if (callee.type === "MemberExpression") return this.#methodsOf(keyOf(callee), within);
    if (callee.type !== "Identifier") return [];
    const found = this.#resolve(callee["name"], within);
    return found === null ? [] : [found];
  }

  /**
   * @param {string} name
   * @param {Node} node
   * @param {Func | null} outer
   * @param {string} owner
   * @returns {Func}
   */
  #create(name, node, outer, owner) {
    const names = new Map();
    const func = { name, node, outer, owner, isField: false, names, calls: new Set() };
    this.#byNode.set(node, func);
    return func;
  }

  /**
   * @param {Node} node
   * @param {Func} within
   * @param {string} owner
   */
  #declare(node, within, owner) {
    for (const child of childrenOf(node)) {
      if (isFunction(child)) this.#declareFunction(child, node, within, owner);
      else {
        this.#declareNames(child, node, within);
        const isClass = child.type === "ClassDeclaration" || child.type === "ClassExpression";
        const name = /** @type {Node} */ (child)["id"]?.name ?? "?";
        this.#declare(child, within, isClass ? name : owner);
      }
    }
  }

  /**
   * @param {Node} node
   * @param {Node} parent
   * @param {Func} within
   * @param {string} owner
   */
  #declareFunction(node, parent, within, owner) {
    const key = "key" in parent ? keyOf(parent) : null;
    const isVariable = parent.type === "VariableDeclarator" && parent["id"].type === "Identifier";
    const own = node["id"]?.name ?? (isVariable ? parent["id"].name : key) ?? "?";
    const isMember = parent.type === "MethodDefinition" || parent.type === "PropertyDefinition";
    const title = isMember ? `${owner}.${own}` : own;
    const name = within.name === "" ? title : `${within.name}/${title}`;
    const func = this.#create(name, node, within, owner);
    this.functions.push(func);
    func.isField = parent.type === "PropertyDefinition";
    if (node.type === "FunctionDeclaration" || isVariable) within.names.set(own, func);
    if (parent["kind"] === "get" || parent["kind"] === "set") this.#accessors.add(func);
    if (parent["kind"] === "constructor") within.names.set(owner, func);
    else if (key !== null) this.#addMethod(key, func);
    for (const param of node["params"]) this.#bind(param, func);
    this.#declare(node, func, owner);
  }

  /**
   * @param {string} key
   * @param {Func} func
   */
  #addMethod(key, func) {
    const those = this.#methods.get(key) ?? new Set();
    this.#methods.set(key, those.add(func));
  }

  /**
   * What a node declares that is no function.
   * @param {Node} node
   * @param {Node} parent
   * @param {Func} within
   */
  #declareNames(node, parent, within) {
    const { type, init, id, param, value, left, right } = node;
    if (type === "VariableDeclarator" && !(init && isFunction(init))) this.#bind(id, within);
    if (type === "CatchClause" && param) this.#bind(param, within);
    const isField = type === "PropertyDefinition" || type === "Property";
    if (isField && parent.type !== "ObjectPattern" && value?.type === "Identifier") {
      this.#alias(keyOf(node), value, within);
    } else if (type === "AssignmentExpression" && left.type === "MemberExpression") {
      if (right.type === "Identifier") this.#alias(keyOf(left), right, within);
    }
  }

  /**
   * @param {string | null} key
   * @param {Node} value
   * @param {Func} within
   */
  #alias(key, value, within) {
    if (key !== null) this.#aliases.push({ key, name: value["name"], within });
  }

  /**
   * @param {Node} pattern
   * @param {Func} within
   */
  #bind(pattern, within) {
    if (pattern.type === "Identifier") within.names.set(pattern["name"], null);
    else if (pattern.type === "Property") this.#bind(pattern["value"], within);
    else if (pattern.type === "AssignmentPattern") this.#bind(pattern["left"], within);
    else for (const each of childrenOf(pattern)) this.#bind(each, within);
  }

  /**
   * @param {string} name
   * @param {Func} within
   * @returns {Func | null}
   */
  #resolve(name, within) {
    /** @type {Func | null} */
    let scope = within;
    for (; scope !== null; scope = scope.outer) {
      const found = scope.names.get(name);
      if (found !== undefined) return found;
    }
    return null;
  }

  /**
   * A private name is that of its class only.
   * @param {string | null} key
   * @param {Func} within
   * @returns {Func[]}
   */
  #methodsOf(key, { owner }) {
    if (key === null) return [];
    const found = [...(this.#methods.get(key) ?? [])];
    return key.startsWith("#") ? found.filter((each) => each.owner === owner) : found;
  }

  /**
   * @param {string | null} key
   * @param {Func} within
   */
  #readProperty(key, within) {
    for (const each of this.#methodsOf(key, within)) {
      if (this.#accessors.has(each)) within.calls.add(each);
    }
  }

  /**
   * @param {Node} node
   * @param {Func} within
   */
  #follow(node, within) {
    if (node.type === "CallExpression") this.#call(node["callee"], within);
    if (node.type === "MemberExpression") this.#readProperty(keyOf(node), within);
    if (node.type === "ObjectPattern") {
      for (const each of node["properties"]) {
        if (each.type === "Property") this.#readProperty(keyOf(each), within);
      }
    }
    for (const child of childrenOf(node)) {
      // Who is named is called, here or by whom it is handed to.
      if (isFunction(child)) within.calls.add(this.at(child));
      else if (child.type !== "Identifier") this.#follow(child, within);
      else if (!isKey(child, node)) this.#call(child, within);
    }
  }

  /**
   * @param {Node} callee
   * @param {Func} within
   */
  #call(callee, within) {
    for (const each of this.calleesOf(callee, within)) within.calls.add(each);
  }
}
