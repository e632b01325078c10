/**
 * `reattach ham`: the tree of the manager of a running simulator, which QNX has below /proc/ham.
 */
import type { HamDirectory } from "../../../src/manager/status.js";
import { inquire } from "./simulators.js";
import { table } from "./table.js";

const INDENT = "  ";

/** A directory, the lines of its .info and what is below it, as lines. */
function treeLines({ name, info, children }: HamDirectory): string[] {
  const lines = info.length === 0 ? [] : table(info, ["left", "left"]).split("\n");
  const below = [...lines, ...children.flatMap((child) => treeLines(child))];
  return [`${name}/`, ...below.map((line) => `${INDENT}${line}`)];
}

/** Runs the command. Resolves to its exit code; throws as inquire() does. */
export function ham(argv: string[]): Promise<number> {
  return inquire(argv, [], async (simulator) => {
    const tree = (await simulator.ask({ call: "ham" })) as HamDirectory;
    return { json: { ham: tree }, text: `${treeLines(tree).join("\n")}\n` };
  });
}
