/**
 * Strategy x kind of death on real threads.
 */
import { join } from "node:path";
import test from "tape";
import { boot, type System, type TaskDeath } from "reattach/node";
import { Patience } from "../../patience.js";
import {
  CAUSES,
  type Kind,
  KINDS,
  MATRIX_TASKS,
  matrixTasks,
  STRATEGIES,
  type Strategy,
} from "../../unit/manager/supervise/matrix.js";
import { folderOf, writeFiles } from "./temp-folder.js";

const FOLDER = import.meta.dirname;
/** By then something is wrong. */
const PATIENCE_MS = 20_000;
const LOOK_MS = 5;
const GOOD = `export { main } from ${JSON.stringify(join(FOLDER, "mortal.js"))};`;
const BAD = "export function main( {";

type Pids = Readonly<Record<string, number>>;

function pidsOf(system: System): Pids {
  return Object.fromEntries(system.ps().map(({ name, pid }) => [name, pid]));
}

/** Looks every now and then, until it is so: a standby, for one, gets ready without an event. */
async function until(what: string, isDone: () => boolean): Promise<void> {
  const patience = new Patience(PATIENCE_MS);
  while (!isDone()) {
    if (patience.isOver) throw new Error(`never happened: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}

/** Every task runs, but those in a state that lasts. */
function isSettled(system: System): boolean {
  return system
    .ps()
    .every(({ state, name }) =>
      name === "mortal" ? ["RECEIVE", "HELD", "STOPPED"].includes(state) : state === "RECEIVE",
    );
}

async function play(t: test.Test, strategy: Strategy, kind: Kind): Promise<void> {
  const folder = folderOf(t, { "mortal.ts": GOOD });
  const others = MATRIX_TASKS.filter((name) => name !== "mortal");
  const modules = { mortal: "mortal", bystander: "bystander" };
  const system = await boot({
    modules: {
      mortal: join(folder, "mortal"),
      bystander: join(FOLDER, "../../unit/manager/supervise/bystander"),
    },
    config: {
      reattach: {
        limits: { messageBytes: 64 },
        tasks: matrixTasks(strategy, kind, { kind, others }, modules),
        board: { rebootsMax: 1 },
      },
    },
  });
  const deaths: TaskDeath[] = [];
  const reboots: string[] = [];
  let before: Pids = {};
  system.on("log", () => {});
  system.on("reboot", (reason) => reboots.push(reason));
  system.on("death", (death) => {
    if (deaths.length === 0) before = pidsBefore;
    deaths.push(death);
    const isCorrected = kind === "syntax error" && deaths.length === 2;
    if (isCorrected) writeFiles(folder, { "mortal.ts": GOOD }, new Date());
  });
  // When a task is started, and not when it is ready: one thread's word that it is ready may come
  // after another's last word.
  let pidsBefore: Pids = {};
  let isWritten = false;
  system.on("start", (name) => {
    pidsBefore = pidsOf(system);
    if (kind !== "syntax error" || name !== "mortal" || isWritten) return;
    // While it runs, and not at its death: that is told when its successor is on its way.
    isWritten = true;
    writeFiles(folder, { "mortal.ts": BAD }, new Date());
  });
  await system.start();
  if (kind === "kill" || kind === "hang") {
    await until("all run", () => isSettled(system));
    pidsBefore = pidsOf(system);
    if (kind === "kill") await system.kill("mortal");
    else system.hang("mortal");
  }
  await until("its death", () => deaths.length > 0);
  if (strategy.restarted === null) await until("reboot", () => reboots.length === 1);
  await until("all run again", () => isSettled(system));
  judge(t, strategy, kind, { before, after: pidsOf(system), deaths, reboots });
  await system.stop();
  const { channels, connections, names } = system.usage();
  t.equal(channels.used + connections.used + names.used, 0, "nothing is left in the arena");
}

interface Outcome {
  readonly before: Pids;
  readonly after: Pids;
  readonly deaths: readonly TaskDeath[];
  readonly reboots: readonly string[];
}

function judge(t: test.Test, strategy: Strategy, kind: Kind, outcome: Outcome): void {
  const { before, after, deaths, reboots } = outcome;
  t.equal(deaths[0]!.name, "mortal", "who died");
  t.equal(deaths[0]!.cause, CAUSES[kind], "of what");
  if (kind === "syntax error" && strategy.restarted?.includes("mortal")) {
    t.equal(deaths[1]?.cause, "syntax", "then it did not compile, until it was corrected");
  }
  const restarted = Object.keys(after).filter(
    (name) => after[name] !== before[name] && after[name] !== 0,
  );
  if (strategy.restarted === null) {
    t.match(reboots[0]!, /^task mortal keeps dying, the last time of \w+$/, "why it restarted");
  } else {
    t.deepEqual(restarted.sort(), strategy.restarted, "who was restarted");
    t.equal(reboots.length, 0, "the board was not");
  }
}

for (const strategy of STRATEGIES) {
  for (const kind of KINDS) {
    test(`matrix on Node.js: ${strategy.name} x ${kind}`, (t) => play(t, strategy, kind));
  }
}
