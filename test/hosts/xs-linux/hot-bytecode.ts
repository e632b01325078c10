/**
 * What is hot, looked up in the bytecode that XS makes of the device build: the codes that copy
 * something into the heap, by the lines in which they stand.
 */
import { childrenOf } from "../../../hosts/moddable/build/tree.mjs";
import { findHotCode } from "../../../hosts/moddable/build/hot-code.mjs";

type Hot = Parameters<typeof findHotCode>[1];
type Func = ReturnType<typeof findHotCode>["functions"][number];
type Node = Func["node"];

/** Codes that make something in the heap of a machine, when the module is preloaded. */
const MAKERS = new RegExp(
  [
    "^(string|code|bigint)(_[24])?$",
    "^(array|object|new|regexp|class|copy_object|await)$",
    "^(for_|template|generator|async_|start_)",
    "^arguments_(sloppy|strict)$",
  ].join("|"),
);

/** What XS makes of a module is in a function, in a function. */
const MODULE_DEPTH = 1;

/** A code, as `xs-linux --list-codes` writes it. */
interface Code {
  /** Of its function, in functions of the module. */
  readonly depth: number;
  readonly line: number;
  readonly name: string;
}

function readListing(listing: string): Code[] {
  return listing.split("\n").flatMap((text) => {
    const [depth, line, name] = text.split(" ");
    if (name === undefined) return [];
    return [{ depth: Number(depth) - MODULE_DEPTH, line: Number(line), name }];
  });
}

/** Lines of the source, counted from 1. */
class Lines {
  readonly #starts: number[] = [0];

  constructor(source: string) {
    for (let at = source.indexOf("\n"); at >= 0; at = source.indexOf("\n", at + 1)) {
      this.#starts.push(at + 1);
    }
  }

  /** The line of a place. */
  at(place: number): number {
    let low = 0;
    let high = this.#starts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (this.#starts[middle]! <= place) low = middle;
      else high = middle;
    }
    return low + 1;
  }

  /** All lines of a node. */
  of(node: Node): number[] {
    const first = this.at(node.start);
    return Array.from({ length: this.at(node.end) - first + 1 }, (_, i) => first + i);
  }
}

/** How many functions it stands in, as XS makes them. */
function depthOf({ outer, isField }: Func): number {
  return outer === null ? 0 : depthOf(outer) + (isField ? 2 : 1);
}

/** How much a cold node may make in each line: the nodes in it, which is more than it does. */
function* makersIn(node: Node): Generator<Node> {
  yield node;
  for (const child of childrenOf(node)) yield* makersIn(child as Node);
}

/**
 * What hot functions of a module make, by its source and its bytecode: a line for each code that
 * nothing cold in the same line explains. `functions` counts hot functions whose code was seen.
 */
export function findInBytecode(
  source: string,
  listing: string,
  hot: Hot,
): { found: string[]; functions: number } {
  const { functions, callers, cold } = findHotCode(source, hot);
  const lines = new Lines(source);
  const functionAt = new Map<string, Func>();
  for (const each of functions) {
    const depth = depthOf(each);
    for (const line of lines.of(each.node)) functionAt.set(`${depth} ${line}`, each);
  }
  const excused = new Map<number, number>();
  for (const node of cold.flatMap((each) => [...makersIn(each)])) {
    const line = lines.at(node.start);
    excused.set(line, (excused.get(line) ?? 0) + 1);
  }
  const found: string[] = [];
  const seen = new Set();
  for (const { depth, line, name } of readListing(listing)) {
    const func = functionAt.get(`${depth} ${line}`);
    if (func === undefined || !callers.has(func)) continue;
    seen.add(func);
    if (!MAKERS.test(name)) continue;
    const left = excused.get(line) ?? 0;
    if (left > 0) excused.set(line, left - 1);
    else found.push(`${func.name}, line ${line}: ${name}`);
  }
  return { found, functions: seen.size };
}
