/**
 * What a changed manifest asks for: nothing but to be read, the restart of some tasks, that of the
 * board, or another start of the command. Pure.
 */
import { isDeepStrictEqual } from "node:util";
import { isObject, type JsonObject } from "../../../src/manifest/value.js";
import type { AppManifest, TaskProgram } from "../manifest/read.js";

/** When a key of a task, or of the board, takes effect. */
type Effect =
  /** The manager reads it when it decides. */
  | "at once"
  /** With the next VM of the task. */
  | "task"
  /** The manager, or the arena, is made with it. */
  | "board"
  /** What is around the board is made with it. */
  | "command";

/** Of every key of a task but its name. */
export const TASK_EFFECTS: Readonly<Record<Exclude<keyof TaskProgram, "name">, Effect>> = {
  restart: "at once",
  load_ms: "at once",
  essential: "at once",
  module: "task",
  file: "task",
  priority: "task",
  services: "task",
  standby: "task",
  args: "task",
  creation: "task",
  heartbeat: "board",
  answer_ms: "board",
  dependsOn: "board",
  abilities: "board",
};

export const BOARD_EFFECTS: Readonly<Record<keyof AppManifest["board"], Effect>> = {
  rebootsMax: "at once",
  settled_ms: "at once",
  stop_ms: "board",
  deadlock: "board",
  guardian_ms: "command",
};

/** What is to be done. */
export interface ManifestChange {
  /** Why the board has to be restarted; empty when it has not. */
  readonly board: readonly string[];
  /** Names of tasks that have to be restarted. */
  readonly tasks: readonly string[];
  /** What takes effect at once. */
  readonly atOnce: readonly string[];
  /** What takes effect when the command is started again. */
  readonly later: readonly string[];
}

/** Too long to be read in a line: what it was and what it is are left out. */
const SHOWN_CHARS_MAX = 40;

function shown(value: unknown): string {
  return value === undefined ? "nothing" : JSON.stringify(value);
}

/** What has changed of a value, key by key where both have keys. */
function sentences(path: string, before: unknown, after: unknown): string[] {
  if (isDeepStrictEqual(before, after)) return [];
  if (isObject(before) && isObject(after)) {
    const keys = Object.keys({ ...before, ...after });
    return keys.flatMap((key) => sentences(`${path}.${key}`, before[key], after[key]));
  }
  const [was, is] = [shown(before), shown(after)];
  const isShort = Math.max(was.length, is.length) <= SHOWN_CHARS_MAX;
  return [isShort ? `${path} is ${is}, was ${was}` : `${path} is another`];
}

/** Compares two records, and collects what has changed. */
class Comparison {
  readonly found: Readonly<Record<Effect, string[]>> = {
    "at once": [],
    task: [],
    board: [],
    command: [],
  };

  /** True when something has changed that takes effect with the next VM of a task. */
  compare<Value extends object>(
    path: string,
    before: Value,
    after: Value,
    effects: Readonly<Record<string, Effect>>,
  ): boolean {
    const known = this.found.task.length;
    for (const [key, effect] of Object.entries(effects)) {
      const [was, is] = [before[key as keyof Value], after[key as keyof Value]];
      this.found[effect].push(...sentences(`${path}.${key}`, was, is));
    }
    return this.found.task.length > known;
  }
}

/** What is to be done when a system with the first manifest is to have the second one. */
export function compareManifests(before: AppManifest, after: AppManifest): ManifestChange {
  const comparison = new Comparison();
  const { found } = comparison;
  const both = namesOf(before).filter((name) => namesOf(after).includes(name));
  found.board.push(...sentences("limits", limitsOf(before, both), limitsOf(after, both)));
  comparison.compare("board", before.board, after.board, BOARD_EFFECTS);
  if (before.hardware !== after.hardware) found.command.push("hardware is another module");
  const known = new Map(before.tasks.map((task) => [task.name, task]));
  const tasks: string[] = [];
  for (const task of after.tasks) {
    const own = known.get(task.name);
    if (own === undefined) found.board.push(`task ${task.name} is new`);
    else if (comparison.compare(`tasks.${task.name}`, own, task, TASK_EFFECTS)) {
      tasks.push(task.name);
    }
  }
  for (const name of known.keys()) {
    if (!both.includes(name)) found.board.push(`task ${name} is gone`);
  }
  // A task's place in the arena is that in the manifest.
  const stayed = namesOf(after).filter((name) => known.has(name));
  if (!isDeepStrictEqual(both, stayed)) found.board.push("the tasks have another order");
  return { board: found.board, tasks, atOnce: found["at once"], later: found.command };
}

function namesOf({ tasks }: AppManifest): string[] {
  return tasks.map(({ name }) => name);
}

/** The limits, and what each of these tasks has of its own. */
function limitsOf({ limits, tasks }: AppManifest, names: readonly string[]): JsonObject {
  const { stableBytesOf, ...plain } = limits;
  const own = tasks.map(({ name }, i) => [name, stableBytesOf?.[i] ?? plain.stableBytes] as const);
  const both = own.filter(([name]) => names.includes(name));
  return { ...plain, stableBytesOf: Object.fromEntries(both) };
}
