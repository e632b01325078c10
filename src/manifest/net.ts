/**
 * `config.reattach.net`: what a board has to do with others, checked.
 */
import { LIMIT_RANGES, type Limits } from "../arena/limits.js";
import { NAME_BYTES_MAX } from "../arena/layout.js";
import { remoteName } from "../kernel/name/name-text.js";
import { checkKeys } from "./check-value.js";
import { NET } from "./net-keys.js";
import {
  BOARD_ALLOWED,
  BROKER_ALLOWED,
  isBoardName,
  readBroker,
  SERVICES_MAX,
} from "./net-names.js";
import { found, isObject, type JsonObject } from "./value.js";

/** A service that this board wants of another one. */
export interface ImportName {
  readonly board: string;
  readonly service: string;
}

/** Times of a board among others, in milliseconds. */
export interface NetTimes {
  /** How often a board says that it is there. */
  readonly beat_ms: number;
  /** A board that has said nothing for so long is gone. */
  readonly silent_ms: number;
  /** A broker that has been gone for so long will not be back soon: all boards are gone. */
  readonly broker_ms: number;
}

/** What an application says of itself and other boards. */
export interface NetConfig extends NetTimes {
  /** The name of this board. */
  readonly board: string;
  /** "mqtt://host:1883" or "mqtts://host:8883". */
  readonly broker: string;
  /** What all topics begin with. */
  readonly prefix: string;
  readonly exports: readonly string[];
  readonly imports: readonly ImportName[];
  readonly clients: number;
}

/** What topics begin with where nothing else is said. */
export const PREFIX = "reattach";
export const PREFIX_ALLOWED =
  'is text without "+", "#" and blanks that does not begin or end with "/"';

/** Can topics begin with it? */
export function isPrefix(text: unknown): text is string {
  if (typeof text !== "string") return false;
  for (const level of text.split("/")) {
    if (level.length === 0) return false;
    for (const character of level) if (" +#\t\n\r".includes(character)) return false;
  }
  return true;
}

/** "attic/thermo" in its parts; null for what is no such text. */
function importOf(text: unknown): ImportName | null {
  if (typeof text !== "string") return null;
  const slash = text.indexOf("/");
  const board = text.slice(0, Math.max(0, slash));
  const service = text.slice(slash + 1);
  return isBoardName(board) && service.length > 0 && !service.includes("/")
    ? { board, service }
    : null;
}

function readImports(value: unknown, path: string, problems: string[]): readonly ImportName[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) {
    problems.push(`${path}: found ${found(value)}, allowed is a list of "<board>/<service>"`);
    return [];
  }
  const imports: ImportName[] = [];
  for (const text of value as unknown[]) {
    const read = importOf(text);
    if (read === null) {
      problems.push(`${path}: found ${found(text)}, allowed is "<board>/<service>"`);
    } else if (remoteName(read.board, read.service).length > NAME_BYTES_MAX) {
      const { length } = remoteName("", "");
      problems.push(
        `${path}: found ${found(text)}, allowed are ${NAME_BYTES_MAX - length} characters for ` +
          "board and service together",
      );
    } else {
      imports.push(read);
    }
  }
  return imports;
}

/**
 * The key beside `config.reattach` that reattach/net/manifest.json sets to true: this board has a
 * gateway to others. The linker has no other way to know.
 */
export const GATEWAY_KEY = "reattachGateway";

const GATEWAY_ALLOWED =
  "allowed only on a board with a gateway to others: include " +
  '"./node_modules/reattach/net/manifest.json"';

/**
 * Reads `config.reattach.net`, which a board without a gateway may not have; null where there is
 * none. Every problem is added to `problems`.
 */
export function readNetOf(
  hasGateway: boolean,
  input: unknown,
  path: string,
  problems: string[],
): NetConfig | null {
  if (input === undefined || hasGateway) return readNet(input, path, problems);
  problems.push(`${path}: found ${found(input)}, ${GATEWAY_ALLOWED}`);
  return null;
}

/**
 * Reads `config.reattach.net`; null where there is none. Every problem is added to `problems`, and
 * with a new one the result is not to be used.
 */
function readNet(input: unknown, path: string, problems: string[]): NetConfig | null {
  if (input === undefined) return null;
  const values = checkKeys(NET, input, path, problems);
  const given: JsonObject = isObject(input) ? input : {};
  const { board, broker, prefix = PREFIX, imports } = given;
  if (!isBoardName(board)) {
    problems.push(`${path}.board: found ${found(board)}, allowed ${BOARD_ALLOWED}`);
  }
  if (readBroker(broker) === null) {
    problems.push(`${path}.broker: found ${found(broker)}, allowed ${BROKER_ALLOWED}`);
  }
  if (!isPrefix(prefix)) {
    problems.push(`${path}.prefix: found ${found(prefix)}, allowed ${PREFIX_ALLOWED}`);
  }
  const net = {
    ...(values as unknown as Omit<NetConfig, "imports">),
    prefix,
    imports: readImports(imports, `${path}.imports`, problems),
  } as NetConfig;
  if (net.exports.length > SERVICES_MAX) {
    problems.push(`${path}.exports: found ${net.exports.length}, allowed are ${SERVICES_MAX}`);
  }
  if (net.silent_ms <= net.beat_ms) {
    problems.push(
      `${path}.silent_ms: found ${net.silent_ms}, allowed is more than beat_ms, ${net.beat_ms}`,
    );
  }
  return net;
}

/** What the gateway takes is not the application's: its limits with that on top. */
export function limitsWith(net: NetConfig | null, limits: Limits): Limits {
  if (net === null) return limits;
  const { imports, exports, clients } = net;
  const agents = 1 + (exports.length === 0 ? 0 : clients);
  return {
    ...limits,
    channels: limits.channels + imports.length,
    names: limits.names + imports.length,
    connections: limits.connections + agents * exports.length,
    agents,
  };
}

/** What a gateway takes on top of the application's limits has the same ranges as these. */
export function checkRoom(limits: Limits, path: string, problems: string[]): void {
  const { tasks, agents = 0 } = limits;
  // An agent has a place as a task has.
  const needed = { ...limits, tasks: tasks + agents };
  for (const { key, max } of LIMIT_RANGES) {
    const count = needed[key] ?? 0;
    if (count <= max) continue;
    const what = key === "tasks" ? "tasks and clients" : key;
    problems.push(
      `${path}: found ${count} ${what} with those of the limits, allowed are ${max} together`,
    );
  }
}
