/**
 * Measures what a message, a task and the code cost on XS: the numbers of docs/budgets.md.
 */
import { join } from "node:path";
import { bundle, type Bundle } from "./bundle.js";
import { MEASURED, ordinary, run } from "./host.js";
import { COST_PROGRAMS, measureScenario } from "./measure.js";
import { ROUND_TRIP } from "./programs/costs/messages.js";
import { DEEPEST } from "./programs/costs/recovery.js";
import { COMPARED } from "./programs/costs/services.js";
import type { Cost, Footprint } from "./programs/results.js";
import { resultIn, resultsIn } from "./results-in.js";

/** What is measured. Counts, not times: the same on every machine. */
export interface Budgets {
  /** Round trips of 64 bytes, there and back, that the next five are about. */
  roundTrips: number;
  /** Slots that both sides allocated. */
  slots: number;
  chunkBytes: number;
  /** Collections. */
  gcs: number;
  /** Bytecodes of both sides for one round trip, on a chip with one core. */
  bytecodesPerRoundTrip: number;
  /** The same where C takes no part: what TypeScript alone costs. */
  bytecodesOrdinary: number;
  /** The same for a bare ping-pong of Atomics.wait and notify. */
  bytecodesFloor: number;
  /** A call of a typed service in per cent of the same by hand; of those compared, the most. */
  servicePercent: number;
  /** Both sides' bytecodes for a call with three fields, of a service, */
  serviceBytecodes: number;
  /** and by hand. */
  byHandBytecodes: number;
  /** The arena with the default limits. */
  arenaBytes: number;
  /** What a task that does nothing uses more of its heaps than a bare worker, on 32 bits. */
  taskRamBytes32: number;
  /** What a booted system with one task adds to the main VM's heaps, on 32 bits: slots, */
  mainSlots: number;
  /** and bytes of chunks. */
  mainChunkBytes: number;
  /** How deep the main VM's stack is when a system boots and starts a task. */
  mainStackSlots: number;
  /** The deepest stack of a task, in slots: a send in a recovery of a covered send. */
  stackSlots: number;
  /** Bytecode of what every board has of us, in flash. */
  codeBytes: number;
  /** Bytecode of HAM, which a board has that includes ham/manifest.json. */
  hamCodeBytes: number;
  /** Bytecode of typed services, which a board has that includes service/manifest.json. */
  serviceCodeBytes: number;
}

const ROUNDS = 100_000;
const RECOVERIES = 1_000;
const ORDINARY_RUNS = 3;
/** Bytes of a slot on 32 bits. */
const SLOT_BYTES_32 = 16;

function program(name: string): string {
  return join(import.meta.dirname, "programs", `${name}.ts`);
}

async function measureFloor(programs: Bundle): Promise<number> {
  const config = { floor: { rounds: ROUNDS } };
  const options = { mode: MEASURED, bundle: programs, main: "floor", config };
  const { stdout, stderr } = await run({ ...options, isBare: true });
  const costs = resultIn<Cost[]>(stdout);
  if (costs === undefined) throw new Error(`floor: ${stdout}${stderr}`);
  return costs.reduce((sum, { bytecodes }) => sum + bytecodes, 0) / ROUNDS;
}

async function measureBoth(
  programs: Bundle,
  title: string,
  rounds: number,
  mode = MEASURED,
): Promise<Cost[]> {
  const roles = ["client", "server"] as const;
  const what = { mode, bundle: programs, title, rounds, roles };
  const costs = await measureScenario(what);
  return [costs.client!, costs.server!];
}

/** Bytecodes of both sides for each call that is compared: as a service, and by hand. */
async function measureServices(programs: Bundle): Promise<Map<string, [number, number]>> {
  const rounds = ROUNDS / 10;
  const found = new Map<string, [number, number]>();
  for (const title of COMPARED) {
    const sums: number[] = [];
    for (const way of ["service", "by hand"]) {
      const sides = await measureBoth(programs, `${way}: ${title}`, rounds);
      sums.push(sides.reduce((sum, { bytecodes }) => sum + bytecodes, 0) / rounds);
    }
    found.set(title, [sums[0]!, sums[1]!]);
  }
  return found;
}

interface Footprints {
  bare: Footprint;
  task: Footprint;
  main: Footprint;
  mainStackSlots: number;
  arenaBytes: number;
  codeBytes: number;
  hamCodeBytes: number;
  serviceCodeBytes: number;
}

async function measureFootprint(programs: Bundle): Promise<Footprints> {
  const tasks = { idle: { module: "idle" } };
  const { stdout, stderr } = await run({
    mode: { ...MEASURED, m32: true },
    bundle: programs,
    main: "footprint",
    config: { reattach: { tasks } },
  });
  const found = Object.assign({}, ...resultsIn<Partial<Footprints>>(stdout)) as Partial<Footprints>;
  if (found.task === undefined || found.bare === undefined || found.arenaBytes === undefined) {
    throw new Error(`footprint: ${stdout}${stderr}`);
  }
  return found as Footprints;
}

/** Measures everything. Needs the 32-bit build too; throws when that is missing. */
export async function measureBudgets(): Promise<Budgets> {
  const programs = await bundle({
    ...COST_PROGRAMS,
    floor: program("floor"),
    "ping-pong": program("ping-pong"),
    footprint: program("footprint"),
    bare: program("bare"),
    idle: program("idle"),
  });
  try {
    const sides = await measureBoth(programs, ROUND_TRIP, ROUNDS);
    const services = await measureServices(programs);
    const [serviceBytecodes, byHandBytecodes] = services.get("three fields")!;
    const ratios = [...services.values()].map(([service, byHand]) => service / byHand);
    const [deepest] = await measureBoth(programs, DEEPEST, RECOVERIES);
    const sum = (key: keyof Cost, costs = sides): number =>
      costs.reduce((total, cost) => total + cost[key], 0);
    let ordinaryBytecodes = Infinity;
    // The least of some: on a busy machine sleeps end before they are rung.
    for (let i = 0; i < ORDINARY_RUNS; i++) {
      const alone = await measureBoth(programs, ROUND_TRIP, ROUNDS / 10, ordinary(MEASURED));
      ordinaryBytecodes = Math.min(ordinaryBytecodes, sum("bytecodes", alone) / (ROUNDS / 10));
    }
    const { bare, task, main, ...footprint } = await measureFootprint(programs);
    const { mainStackSlots, arenaBytes, codeBytes, hamCodeBytes, serviceCodeBytes } = footprint;
    return {
      roundTrips: ROUNDS,
      slots: sum("slots"),
      chunkBytes: sum("chunkBytes"),
      gcs: sum("collections"),
      bytecodesPerRoundTrip: sum("bytecodes") / ROUNDS,
      bytecodesOrdinary: ordinaryBytecodes,
      bytecodesFloor: await measureFloor(programs),
      servicePercent: 100 * Math.max(...ratios),
      serviceBytecodes,
      byHandBytecodes,
      arenaBytes,
      taskRamBytes32: (task.slots - bare.slots) * SLOT_BYTES_32 + task.chunkBytes - bare.chunkBytes,
      mainSlots: main.slots,
      mainChunkBytes: main.chunkBytes,
      mainStackSlots,
      stackSlots: deepest!.stackSlots,
      codeBytes,
      hamCodeBytes,
      serviceCodeBytes,
    };
  } finally {
    programs.remove();
  }
}
