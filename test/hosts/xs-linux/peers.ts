/**
 * What a round trip of 64 bytes costs in other ways on the same engine: with postMessage, and, with
 * nothing in it, a bare ping-pong of Atomics.wait and notify.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bundle, type Bundle } from "./bundle.js";
import { MEASURED, ordinary, run } from "./host.js";
import { COST_PROGRAMS, measureScenario } from "./measure.js";
import { ROUND_TRIP } from "./programs/costs/messages.js";
import type { Cost } from "./programs/results.js";
import { resultIn } from "./results-in.js";

/** A way, and what a round trip of it costs both sides together. */
export interface Peer {
  readonly name: string;
  readonly bytecodes: number;
  /** Machine instructions, of x86; null where there is no valgrind. */
  readonly instructions: number | null;
  readonly slots: number;
  readonly chunkBytes: number;
  /** Collections in a thousand round trips. */
  readonly collections: number;
}

type Play = (rounds: number, under: readonly string[]) => Promise<readonly Cost[]>;

const ROUNDS = 10_000;
/** As many as there is memory for without a collection. */
const FEW = 20;
/** Instructions of so many rounds less, and so many more: valgrind is slow. */
const FEWER = 300;
const MORE = 1_300;

const program = (name: string): string => join(import.meta.dirname, "programs", `${name}.ts`);

function hasValgrind(): boolean {
  return spawnSync("valgrind", ["--version"], { stdio: "ignore" }).error === undefined;
}

/** Of the threads that take part: all, or all but main's. */
async function countInstructions(play: Play, rounds: number, withMain: boolean): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "reattach-callgrind-"));
  const file = join(folder, "out");
  const switches = ["--tool=callgrind", "--separate-threads=yes", `--callgrind-out-file=${file}`];
  await play(rounds, ["valgrind", "--quiet", ...switches]);
  let total = 0;
  for (const name of readdirSync(folder)) {
    const [, thread] = /^out-(\d+)$/.exec(name) ?? [];
    if (thread === undefined || (Number(thread) === 1 && !withMain)) continue;
    const text = readFileSync(join(folder, name), "utf8");
    total += Number(/^totals: (\d+)/m.exec(text)?.[1] ?? 0);
  }
  rmSync(folder, { recursive: true });
  return total;
}

async function instructionsOf(play: Play, withMain: boolean): Promise<number | null> {
  if (!hasValgrind()) return null;
  const fewer = await countInstructions(play, FEWER, withMain);
  const more = await countInstructions(play, MORE, withMain);
  return Math.round((more - fewer) / (MORE - FEWER));
}

async function measurePeer(name: string, play: Play, withMain = false): Promise<Peer> {
  const many = await play(ROUNDS, []);
  // What is in use only grows between two collections.
  const few = await play(FEW, []);
  const sum = (costs: readonly Cost[], key: keyof Cost): number =>
    costs.reduce((total, cost) => total + cost[key], 0);
  if (sum(few, "collections") !== 0) throw new Error(`${name}: a collection in ${FEW} rounds`);
  return {
    name,
    bytecodes: sum(many, "bytecodes") / ROUNDS,
    instructions: await instructionsOf(play, withMain),
    slots: sum(few, "slots") / FEW,
    chunkBytes: sum(few, "chunkBytes") / FEW,
    collections: (sum(many, "collections") / ROUNDS) * 1_000,
  };
}

/** Plays a program of two workers, or of main and a worker, that knows nothing of Reattach. */
function bare(programs: Bundle, main: string): Play {
  return async (rounds, under) => {
    const config = { floor: { rounds }, peers: { rounds } };
    const options = { mode: MEASURED, bundle: programs, main, config, under, isBare: true };
    const { stdout, stderr } = await run(options);
    const costs = resultIn<Cost[]>(stdout);
    if (costs === undefined) throw new Error(`${main}: ${stdout}${stderr}`);
    return costs;
  };
}

function reattach(programs: Bundle, mode = MEASURED): Play {
  const roles = ["client", "server"] as const;
  return async (rounds, under) => {
    const what = { mode, bundle: programs, title: ROUND_TRIP, rounds, roles, under };
    const { client, server } = await measureScenario(what);
    return [client!, server!];
  };
}

/** Measures all of them. */
export async function measurePeers(): Promise<Peer[]> {
  const names = ["floor", "ping-pong", "post-message", "post-echo"];
  const programs = await bundle({
    ...COST_PROGRAMS,
    ...Object.fromEntries(names.map((name) => [name, program(name)])),
  });
  try {
    return [
      await measurePeer("Reattach", reattach(programs)),
      await measurePeer("Reattach, TypeScript alone", reattach(programs, ordinary(MEASURED))),
      await measurePeer("bare wait and notify", bare(programs, "floor")),
      await measurePeer("postMessage", bare(programs, "post-message"), true),
    ];
  } finally {
    programs.remove();
  }
}
