/**
 * What the steps of the device build need of a syntax tree (ESTree, as rollup parses it).
 */

/**
 * @typedef {{ type: string, start: number, end: number, [key: string]: unknown }} Node
 */

/**
 * The nodes directly below one.
 * @param {Node} node
 * @returns {Node[]}
 */
export function childrenOf(node) {
  return Object.values(node)
    .flat()
    .filter((value) => typeof value === "object" && value !== null && "type" in value);
}

/**
 * Calls `visit` with a node and all below it, parents first. Where it returns false, the walk does
 * not go deeper.
 * @param {Node} node
 * @param {(node: Node) => boolean | void} visit
 */
export function walk(node, visit) {
  if (visit(node) === false) return;
  for (const child of childrenOf(node)) walk(child, visit);
}
