/**
 * The contract suite on the device host, on real XS.
 *
 * A process plays all cases that want the same limits; what they assert comes over as lines and is
 * asserted here.
 */
import { join } from "node:path";
import test from "tape";
import type { ContractCase } from "../../contract/board.js";
import { contractCases } from "../../contract/index.js";
import { bundle, type Bundle } from "./bundle.js";
import { missing, type Mode, run } from "./host.js";
import { type Line, MARK, readLine } from "./programs/results.js";

const PUPPETS_MAX = 8;
/** The acts are loaded into every puppet; a task of an application has them in flash. */
const CREATION = {
  static: 0,
  chunk: { initial: 65_536, incremental: 16_384 },
  heap: { initial: 4_096, incremental: 1_024 },
  stack: 1_024,
  keys: { initial: 256, incremental: 64 },
};

/** All programs that take part, for bundle(). */
export const CONTRACT_PROGRAMS: Readonly<Record<string, string>> = {
  contract: join(import.meta.dirname, "programs/contract.ts"),
  puppet: join(import.meta.dirname, "programs/puppet.ts"),
  versions: join(import.meta.dirname, "../../contract/acts/versions.ts"),
};

/** Those of them that an application would preload: definitions of services. */
export const DEFINED: readonly string[] = ["versions"];

/** Which cases are played. */
export interface Choice {
  /** Titles of those that are not. */
  readonly leftOut?: readonly string[];
  /** Of the others one in so many. */
  readonly oneIn?: number;
}

function chosen({ leftOut = [], oneIn = 1 }: Choice): ContractCase[] {
  const wanted = contractCases.filter(({ title }) => !leftOut.includes(title));
  return wanted.filter((_, i) => i % oneIn === 0);
}

/** Cases that can be played by one process: they want the same system. */
export function groups(cases: readonly ContractCase[]): ContractCase[][] {
  const bySetting = new Map<string, ContractCase[]>();
  for (const each of cases) {
    const key = JSON.stringify([each.limits ?? {}, each.priorities ?? [], each.abilities]);
    bySetting.set(key, [...(bySetting.get(key) ?? []), each]);
  }
  return [...bySetting.values()];
}

/** What "mc/config" exports to play these. */
export function configFor(group: readonly ContractCase[]): object {
  const { limits = {}, priorities = [], abilities = [] } = group[0]!;
  const tasks: Record<string, object> = {};
  for (let i = 0; i < PUPPETS_MAX; i++) {
    tasks[`p${i + 1}`] = {
      module: "puppet",
      priority: priorities[i] ?? 10,
      abilities: abilities[i] ?? ["manage"],
      creation: CREATION,
    };
  }
  return { reattach: { limits, tasks }, titles: group.map(({ title }) => title) };
}

async function play(t: test.Test, mode: Mode, group: ContractCase[], all: Bundle): Promise<void> {
  const config = configFor(group);
  const { code, signal, stdout, stderr } = await run({
    mode,
    bundle: all,
    main: "contract",
    config,
    preload: DEFINED,
  });
  replayAll(t, group, stdout);
  t.equal(code, 0, `the process ends well${signal === null ? "" : `, not by ${signal}`}`);
  if (code !== 0 && stderr !== "") t.comment(stderr);
}

/** Asserts what the cases asserted, as the program has written it; and that all were played. */
export function replayAll(t: test.Test, group: readonly ContractCase[], text: string): void {
  const played = new Set<string>();
  const lines = text.split("\n").filter((line) => line.startsWith(MARK));
  for (const line of lines.map(readLine)) {
    replay(t, line);
    if (line.type === "played") played.add(line.title);
  }
  for (const { title } of group) if (!played.has(title)) t.fail(`${title}: not played to its end`);
}

function replay(t: test.Test, line: Line): void {
  if (line.type === "failed") t.fail(`${line.title}: ${line.why}`);
  if (line.type !== "assertion") return;
  const { kind, actual, expected, message } = line.assertion;
  const text = `${line.title}: ${message}`;
  if (kind === "ok") t.ok(actual, text);
  else t[kind](actual, expected, text);
}

/** A test of all cases in this mode, or of those chosen. */
export function contractTest(mode: Mode, choice: Choice = {}): void {
  const { leftOut = [], oneIn = 1 } = choice;
  test(`contract suite on XS, ${mode.name}`, async (t) => {
    const why = missing(mode);
    if (why !== "") return t.skip(why);
    const unknown = leftOut.filter((title) => !contractCases.some((each) => each.title === title));
    t.deepEqual(unknown, [], "what is left out is there");
    for (const title of leftOut) t.comment(`sampled the contract suite on ${mode.name}: ${title}`);
    if (oneIn > 1) t.comment(`one case in ${oneIn}; npm run verify plays the others`);
    const all = await bundle(CONTRACT_PROGRAMS);
    try {
      for (const group of groups(chosen(choice))) await play(t, mode, group, all);
    } finally {
      all.remove();
    }
  });
}
