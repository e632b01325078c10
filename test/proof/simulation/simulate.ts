/**
 * One simulation from its seed: runs for so many simulated hours, lets the system come to rest,
 * stops it, and says what came out.
 */
import * as L from "../../../src/arena/layout.js";
import { use } from "../../../src/arena/vm.js";
import { viewUsage } from "../../../src/kernel/inspect/usage.js";
import { FaultPlan } from "./faults.js";
import { World } from "./world.js";

const HOUR_MS = 3_600_000;
/** Longer than any backoff and any start. */
const REST_MS = 600_000;
/** Longer than it takes to stop a task that hangs. */
const STOP_MS = 10_000;
const STOP_STEP_MS = 50;
/** Longer than an answer takes when all is well. */
const ANSWER_MS = 1_000;

/** What came out of a simulation. */
export interface Outcome {
  /** Stands for all that happened: the same for the same seed and length. */
  readonly hash: number;
  /** What must not have happened, and the last events before it. */
  readonly problems: readonly string[];
  readonly last: readonly string[];
  readonly hours: number;
  readonly messages: number;
  readonly answered: number;
  readonly lost: number;
  readonly wrong: number;
  readonly effects: number;
  readonly repeated: number;
  /** Messages that the bank got again after it had acted on them. */
  readonly repeats: number;
  /** Ends of a server inside a claim, and with a message that was not answered. */
  readonly endsInClaim: number;
  readonly endsHolding: number;
  readonly faults: number;
  readonly kills: number;
  readonly restarts: number;
  readonly escalations: number;
  readonly reboots: number;
  readonly recoveries: number;
  /** Reports of a death that came again, and those that met a successor. */
  readonly stale: number;
  readonly staleOnSuccessor: number;
  readonly turns: number;
}

/** Runs a simulation. It gives way to others once in a simulated hour. */
export async function simulate(seed: number, hours: number, isForgetful = false): Promise<Outcome> {
  const before = globalThis.$vm;
  const world = new World(seed, isForgetful);
  const plan = new FaultPlan(world);
  world.start();
  const start_ms = world.clock.now_ms;
  for (let hour = 1; hour <= hours && world.journal.problems.length === 0; hour++) {
    world.run(start_ms + hour * HOUR_MS);
    world.oracle.audit();
    await Promise.resolve();
  }
  if (world.journal.problems.length === 0) await rest(world, plan);
  world.leave();
  if (before !== undefined) use(before);
  return outcomeOf(world, plan, hours);
}

/** Everything comes to its end, and nothing may be left. */
async function rest(world: World, plan: FaultPlan): Promise<void> {
  world.onMain(() => plan.end());
  world.run(world.clock.now_ms + REST_MS);
  // Clients still ask now and then: one message may be on its way.
  world.oracle.audit(ANSWER_MS);
  for (const { name, isReady, state } of world.manager.supervisor.tasks) {
    if (!isReady) world.journal.problem(`${name} does not run in the end: ${state.kind}`);
  }
  const { tasks } = world.manager.supervisor;
  world.onMain(() => {
    void world.manager.supervisor.stop(tasks.slice());
  });
  const isStopped = (): boolean => tasks.every(({ isUp }) => !isUp);
  const until_ms = world.clock.now_ms + STOP_MS;
  const { problems } = world.journal;
  while (!isStopped() && problems.length === 0 && world.clock.now_ms < until_ms) {
    await Promise.resolve();
    world.run(world.clock.now_ms + STOP_STEP_MS);
  }
  if (!isStopped()) world.journal.problem("the system does not stop");
  world.onMain(() => lookForLeaks(world));
}

function lookForLeaks(world: World): void {
  for (const [table, { used }] of Object.entries(viewUsage())) {
    if (used !== 0) world.journal.problem(`${used} ${table} are left`);
  }
  for (const { name, place } of world.manager.supervisor.tasks) {
    const life = $words[L.TASKS_AT + (place << L.TASK_SHIFT) + L.TASK_LIFE]! & L.LIFE_MASK;
    if (life !== L.LIFE_FREE) world.journal.problem(`the place of ${name} is not free: ${life}`);
  }
}

function outcomeOf(world: World, plan: FaultPlan, hours: number): Outcome {
  const { oracle, policies, journal } = world;
  return {
    hash: journal.hash,
    problems: journal.problems,
    last: journal.last,
    hours,
    messages: oracle.sent,
    answered: oracle.answered,
    lost: oracle.lost,
    wrong: oracle.wrong,
    effects: oracle.effects,
    repeated: oracle.repeated,
    repeats: oracle.repeats,
    endsInClaim: world.endsInClaim,
    endsHolding: world.endsHolding,
    faults: plan.count,
    kills: world.kills,
    restarts: policies.restarts,
    escalations: policies.escalations,
    reboots: world.boards - 1,
    recoveries: world.recoveries,
    stale: world.stale,
    staleOnSuccessor: world.staleOnSuccessor,
    turns: world.turns,
  };
}
