/**
 * The greenhouse under fire: all of its tasks are killed at any moment, the valve when it has just
 * opened, too, and its sensor fails in every way it can, until there has been enough of both. Then
 * the gardener switches it off, and counts.
 */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { boot, type PartFault, type System } from "reattach/node";
import { SENSOR_ADDRESS, SWITCH_PIN, VALVE_PIN } from "../../../examples/greenhouse/pins.js";
import { Patience, watch } from "../../patience.js";
import { seededRandom } from "../../../src/manager/supervise/random.js";

const FOLDER = fileURLToPath(new URL("../../../examples/greenhouse", import.meta.url));
const PART = `i2c.0x${SENSOR_ADDRESS.toString(16)}`;
const TASKS = ["sensor", "valve", "controller", "display"] as const;

/** A sensor that hangs costs a life of its driver; the other faults do not. */
const FAULTS: readonly PartFault[] = ["nack", "noise", "nack", "noise", "hang"];

/** As fast as can be: restarts at once, as many as come. */
const RESTART = { minRun_ms: 0, backoff_ms: 0, intensity: 0, escalate: [] };
/** Long enough for a valve to be killed while it is open. */
const OPEN_MS = 4;
const ARGS: Readonly<Record<string, object>> = {
  valve: { open_ms: OPEN_MS },
  controller: { period_ms: 1 },
  display: { period_ms: 20 },
};

/** The longest time from a life's beginning to its violent end. */
const LIFE_MS = 100;

/** How long the valve may take to open: others are killed, and it is not its turn. */
const PATIENCE_MS = 2_000;

/** A kill, or a fault, takes some 30 ms; more than that each, and something does not go on. */
const STEP_MS_MAX = 500;

/** How much is to happen. */
export interface Fire {
  readonly kills: number;
  readonly faults: number;
  readonly seed: number;
}

/** What has happened. */
export interface Harvest {
  readonly kills: number;
  /** Faults that have had an effect, by kind. */
  readonly faults: Readonly<Record<string, number>>;
  readonly deaths: number;
  /** What the controller says at the end. */
  readonly waterings: number;
  /** What the valve's wire says, and the garden. */
  readonly rises: number;
  readonly openings: number;
}

async function bootGreenhouse(seed: number): Promise<System> {
  const manifest = JSON.parse(readFileSync(`${FOLDER}/manifest.json`, "utf8")) as {
    config: { reattach: { tasks: Record<string, object> } };
  };
  const { tasks } = manifest.config.reattach;
  for (const name of TASKS) {
    const args = ARGS[name];
    const changes = args === undefined ? { restart: RESTART } : { restart: RESTART, args };
    tasks[name] = { ...tasks[name], ...changes };
  }
  return boot(manifest as Record<string, unknown>, { baseDir: FOLDER, seed });
}

function sumOf(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

/** The next line that the controller writes, of this form. */
function controllerSays(system: System, pattern: RegExp): Promise<RegExpExecArray> {
  return new Promise((resolve) => {
    system.on("log", (task, _level, text) => {
      const match = task === "controller" ? pattern.exec(text) : null;
      if (match !== null) resolve(match);
    });
  });
}

/** Kills and fails until there was enough, and tells what came of it. */
export async function setOnFire({ kills, faults, seed }: Fire): Promise<Harvest> {
  const system = await bootGreenhouse(seed);
  const { hardware } = system;
  const random = seededRandom(seed);
  let deaths = 0;
  let killed = 0;
  let isEnding = false;
  system.on("death", () => deaths++);
  system.on("log", () => undefined);
  const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
  const struck = async () => ({ ...(await hardware.faults())[PART] });

  const openings = () => hardware.control("openings") as Promise<number>;
  /** The worst moment: the valve has opened, and nobody has written it down. */
  const untilOpened = async (): Promise<void> => {
    const before = await openings();
    const patience = new Patience(PATIENCE_MS);
    while ((await openings()) === before && !patience.isOver) await wait(0);
    await wait(random() * OPEN_MS);
  };
  /** Each life of a task ends after a while, wherever it is by then. */
  const killAll = async (name: string): Promise<void> => {
    while (killed < kills) {
      if (isEnding) return;
      if (name === "valve" && random() < 0.5) await untilOpened();
      else await wait(random() * LIFE_MS);
      if (!system.isRunning(name)) continue;
      killed++;
      await system.kill(name);
    }
  };
  /** One fault after the other; the next one when somebody has met this one. */
  const failAll = async (): Promise<void> => {
    for (let count = 0; count < faults; count = sumOf(await struck())) {
      const before = count;
      await hardware.fault(FAULTS[Math.floor(random() * FAULTS.length)]!, PART);
      while (sumOf(await struck()) === before) await wait(1);
    }
  };

  let endWatch = (): void => undefined;
  const isOver = new Promise<never>((_, reject) => {
    endWatch = watch(new Patience((kills + faults) * STEP_MS_MAX), () => {
      reject(new Error(`not done: ${killed} kills, ${JSON.stringify(system.ps())}`));
    });
  });
  const play = async (): Promise<Harvest> => {
    await system.start();
    await Promise.all([failAll(), ...TASKS.map(killAll)]);
    const done = controllerSays(system, /^done: (\d+) waterings$/);
    await hardware.drive(SWITCH_PIN, 0);
    const waterings = Number((await done)[1]);
    const { rises } = await hardware.pin(VALVE_PIN);
    const opened = await openings();
    return { kills: killed, faults: await struck(), deaths, waterings, rises, openings: opened };
  };
  try {
    return await Promise.race([play(), isOver]);
  } finally {
    isEnding = true;
    endWatch();
    await system.stop();
  }
}
