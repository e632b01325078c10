/**
 * `config.reattach` of a manifest: the limits and the tasks of an application, checked.
 *
 * The simulator reads it when it starts. On a device this runs in the linker, so that a mistake
 * fails the build with the same sentence.
 */
import { DEFAULT_LIMITS, type Limits } from "../arena/limits.js";
import { checkArenaBytes, layoutOf } from "../arena/regions.js";
import { findCycle } from "../manager/supervise/order.js";
import { type BoardPolicy, DEFAULT_BOARD } from "../manager/supervise/policy.js";
import type { TaskSpec as ManagedSpec } from "../manager/supervise/task-spec.js";
import { readAbilities } from "./abilities.js";
import { checkKeys, checkNames, isWhole } from "./check-value.js";
import { checkStatic, type CompleteCreation, type Creation, givenCreation } from "./creation.js";
import { BOARD, REATTACH_KEYS, STABLE, TASK } from "./keys.js";
import { readLimits } from "./limits.js";
import { checkRoom, limitsWith, type NetConfig, readNetOf } from "./net.js";
import { checkPolicy, type HeartbeatValues, readHeartbeat } from "./restart-policy.js";
import { allowedNames } from "./suggest.js";
import { found, isObject, type JsonObject } from "./value.js";

/** A task as its application declares it. */
export interface TaskSpec extends ManagedSpec {
  readonly creation?: Creation;
}

/** What checkKeys() makes of a task: what the manifest says, else the defaults. */
interface TaskValues
  extends
    HeartbeatValues,
    Omit<ManagedSpec, "name" | "module" | "heartbeat" | "abilities" | "creation"> {
  readonly creation: CompleteCreation;
}

/** What the application says about itself. */
export interface ReattachConfig {
  /** With what the gateway to other boards takes, where there is one. */
  readonly limits: Readonly<Limits>;
  /** In the order of their declaration. */
  readonly tasks: readonly TaskSpec[];
  readonly board: BoardPolicy;
  /** What it has to do with other boards; left out where it is alone. */
  readonly net?: NetConfig;
}

const PATH = "config.reattach";

/** The main VM has this name in traces and in messages. */
const RESERVED_NAME = "main";
const NAME_CHARACTERS = "abcdefghijklmnopqrstuvwxyz0123456789_-";
const NAME_LENGTH_MAX = 31;

/** Without a regular expression: they cannot be linked into flash. */
function isName(name: string): boolean {
  if (name.length < 1 || name.length > NAME_LENGTH_MAX) return false;
  for (const character of name) if (!NAME_CHARACTERS.includes(character)) return false;
  return true;
}

function checkName(name: string, path: string, problems: string[]): void {
  if (name === RESERVED_NAME) {
    problems.push(`${path}: found the name "main", which is reserved for the main VM`);
  } else if (!isName(name)) {
    problems.push(
      `${path}: found the name ${found(name)}, allowed are 1 to 31 of a-z, 0-9, "_" and "-"`,
    );
  }
}

function readModule(
  value: unknown,
  modules: readonly string[] | null,
  path: string,
  problems: string[],
): string {
  const module = typeof value === "string" ? value : "";
  if (modules === null && module === "") {
    problems.push(`${path}: found ${found(value)}, allowed is the name of a module`);
  } else if (modules !== null && !modules.includes(module)) {
    problems.push(`${path}: found ${found(value)}, ${allowedNames(module, modules)}`);
  }
  return module;
}

function readTask(
  name: string,
  input: JsonObject,
  modules: readonly string[] | null,
  names: readonly string[],
  path: string,
  problems: string[],
): TaskSpec {
  const { module, args, creation, abilities } = input;
  const before = problems.length;
  const values = checkKeys(TASK, input, path, problems) as unknown as TaskValues;
  if (problems.length === before) checkStatic(values.creation, `${path}.creation`, problems);
  checkPolicy(values.restart, `${path}.restart`, problems);
  return {
    name,
    module: readModule(module, modules, `${path}.module`, problems),
    priority: values.priority,
    heartbeat: readHeartbeat(values, path, problems),
    answer_ms: values.answer_ms,
    load_ms: values.load_ms,
    dependsOn: values.dependsOn,
    services: values.services,
    standby: values.standby,
    essential: values.essential,
    restart: values.restart,
    abilities: readAbilities(abilities, names, `${path}.abilities`, problems),
    ...(args === undefined ? {} : { args }),
    ...(creation === undefined ? {} : { creation: givenCreation(creation) }),
  };
}

/** The tasks that each depends on exist, and none waits for itself. */
function checkOrder(tasks: readonly TaskSpec[], path: string, problems: string[]): void {
  const names = tasks.map(({ name }) => name);
  for (const { name, dependsOn } of tasks) {
    for (const other of dependsOn) {
      if (names.includes(other)) continue;
      problems.push(
        `${path}.${name}.dependsOn: found ${found(other)}, ${allowedNames(other, names)}`,
      );
    }
  }
  const cycle = findCycle(tasks);
  if (cycle === null) return;
  problems.push(
    `${path}.${cycle[0]}.dependsOn: found a cycle, ${cycle.join(" > ")}: one would wait for itself`,
  );
}

function readTasks(
  input: unknown,
  modules: readonly string[] | null,
  problems: string[],
): TaskSpec[] {
  const path = `${PATH}.tasks`;
  if (!isObject(input) || Object.keys(input).length === 0) {
    problems.push(`${path}: found ${found(input)}, allowed is an object with at least one task`);
    return [];
  }
  const tasks: TaskSpec[] = [];
  const names = Object.keys(input);
  for (const [name, spec] of Object.entries(input)) {
    const taskPath = `${path}.${name}`;
    checkName(name, taskPath, problems);
    if (isObject(spec)) tasks.push(readTask(name, spec, modules, names, taskPath, problems));
    else problems.push(`${taskPath}: found ${found(spec)}, allowed is an object with a "module"`);
  }
  checkOrder(tasks, path, problems);
  return tasks;
}

/**
 * The `stableBytes` of each task, by its place; undefined when all have what the limits say. A
 * place that no task of the manifest has is for one that is executed: it has that, too.
 */
function readStableBytes(
  tasks: unknown,
  { tasks: places, stableBytes }: Limits,
): readonly number[] | undefined {
  const bytesOf: number[] = [];
  for (let place = 0; place < places; place++) bytesOf.push(stableBytes);
  Object.values(isObject(tasks) ? tasks : {}).forEach((spec, i) => {
    const value = isObject(spec) ? spec["stableBytes"] : undefined;
    if (value === undefined || i >= places) return;
    bytesOf[i] = isWhole(value, STABLE) ? value : stableBytes;
  });
  const isAlike = bytesOf.every((bytes) => bytes === stableBytes);
  return isAlike ? undefined : Object.freeze(bytesOf);
}

/**
 * Reads `config.reattach`; `modules` are those that a task may name, null when only the linker
 * knows. Only a board with a gateway to others may have a `net`. Every problem is added to
 * `problems`, and with a new one the result is not to be used.
 */
export function readReattach(
  input: unknown,
  modules: readonly string[] | null,
  problems: string[],
  hasGateway = false,
): ReattachConfig {
  if (!isObject(input)) {
    problems.push(`${PATH}: found ${found(input)}, allowed is an object with "tasks" and "limits"`);
    return { limits: DEFAULT_LIMITS, tasks: [], board: DEFAULT_BOARD };
  }
  checkNames(input, REATTACH_KEYS, PATH, problems);
  const before = problems.length;
  const named = readLimits(input["limits"], problems, `${PATH}.limits`);
  const stableBytesOf = readStableBytes(input["tasks"], named);
  const own = stableBytesOf === undefined ? named : { ...named, stableBytesOf };
  const net = readNetOf(hasGateway, input["net"], `${PATH}.net`, problems);
  const limits = problems.length === before ? limitsWith(net, own) : own;
  if (problems.length === before) checkRoom(limits, `${PATH}.net`, problems);
  if (problems.length === before) {
    checkArenaBytes(layoutOf(limits), problems, `${PATH}.limits`);
  }
  const tasks = readTasks(input["tasks"], modules, problems);
  if (tasks.length > limits.tasks) {
    problems.push(
      `${PATH}.tasks: found ${tasks.length} tasks, allowed are ${limits.tasks}, ` +
        `by ${PATH}.limits.tasks`,
    );
  }
  const board = checkKeys(BOARD, input["board"], `${PATH}.board`, problems);
  return {
    limits,
    tasks,
    board: board as unknown as BoardPolicy,
    ...(net === null ? {} : { net }),
  };
}
