/**
 * The regions of the arena: how many records of layout.ts there are, and where each region begins.
 *
 * A pure function of the limits. REGIONS is the sum of the arena, line by line with its reasons;
 * `reattach layout` prints it. On a device the table lies in flash and a VM computes only
 * addresses.
 */
import { ARENA_BYTES_MAX, DEFAULT_LIMITS, type Limits } from "./limits.js";
import {
  CHANNEL_PENDING,
  CONNECTION_WORDS,
  HEAD_WORDS,
  NAME_WORDS,
  PULSE_WORDS,
  STABLE_INDEX_WORDS,
  STABLE_WORDS,
  TASK_WORDS,
  TRACE_WORDS,
  WORD_BYTES,
} from "./layout.js";

/** The most that the default limits may cost: what an ESP32 can spare without a thought. */
const DEFAULT_ARENA_BYTES_MAX = 8_192;

/** Where everything is, for given limits. `…At` are word addresses, `…AtByte` byte offsets. */
export interface Layout {
  readonly limits: Readonly<Limits>;
  /** The main VM, tasks, then agents. */
  readonly places: number;
  readonly tasksAt: number;
  readonly channelsAt: number;
  readonly channelWords: number;
  /** Words of a channel's pending bitmap. */
  readonly pendingWords: number;
  readonly pulsesAt: number;
  readonly connectionsAt: number;
  readonly namesAt: number;
  /** First word of the owners of the shared buffers, one each. */
  readonly sharedOwnersAt: number;
  readonly stableAt: number;
  /** First word of the index of stable states; 0 when all are alike. */
  readonly stableIndexAt: number;
  /** First word of the spares, one a task. */
  readonly sparesAt: number;
  readonly traceAt: number;
  /** Byte offset of the send buffer of task 0; its reply buffer follows, then task 1. */
  readonly buffersAtByte: number;
  /** Bytes from one buffer to the next. */
  readonly bufferStride: number;
  readonly sharedAtByte: number;
  readonly sharedStride: number;
  readonly totalBytes: number;
}

/** One stretch of the arena, for people. */
export interface Region {
  readonly name: string;
  readonly reason: string;
  /** Bytes from the start of the arena. */
  readonly offset: number;
  readonly bytes: number;
  /** Records in it. */
  readonly count: number;
}

type Size = (limits: Readonly<Limits>) => number;

interface RegionRule {
  readonly name: string;
  readonly reason: string;
  /** Records. */
  readonly count: Size;
  /** Words of all of them. */
  readonly total: Size;
}

/** `words` of each record, unless `total` says how many all of them have. */
function rule(
  name: string,
  reason: string,
  count: Size,
  words: Size,
  total: Size = (limits) => count(limits) * words(limits),
): RegionRule {
  return Object.freeze({ name, reason, count, total });
}

function wordsFor(bytes: number): number {
  return Math.ceil(bytes / WORD_BYTES);
}

/** The main VM has a place beside the tasks, and so has each agent. */
const places: Size = ({ tasks, agents = 0 }) => tasks + 1 + agents;
/** The manager has a channel beside those of the limits, without pulses. */
const channelRecords: Size = ({ channels }) => channels + 1;
const pendingWords: Size = (limits) => Math.ceil(places(limits) / 32);
const channelWords: Size = (limits) => CHANNEL_PENDING + pendingWords(limits);
const bufferWords: Size = ({ messageBytes }) => wordsFor(messageBytes);
const sharedWords: Size = ({ sharedBytes }) => wordsFor(sharedBytes);
/** Words of a task's stable state: two copies of so many bytes. */
export function stableWords(bytes: number): number {
  return bytes === 0 ? 0 : STABLE_WORDS + 2 * wordsFor(bytes);
}

/** Of all tasks. */
const allStableWords: Size = ({ tasks, stableBytes, stableBytesOf }) =>
  stableBytesOf === undefined
    ? tasks * stableWords(stableBytes)
    : stableBytesOf.reduce((sum, bytes) => sum + stableWords(bytes), 0);

const REGIONS: readonly RegionRule[] = Object.freeze([
  rule(
    "header",
    "magic, version and the limits: every VM reads the same",
    () => 1,
    () => HEAD_WORDS,
  ),
  rule(
    "tasks",
    "a task's life, doorbell, counters and one transfer slot; the main VM is the first",
    places,
    () => TASK_WORDS,
  ),
  rule(
    "channels",
    "owner, generation, tickets, a bit for each task that may wait; the manager's is the last",
    channelRecords,
    channelWords,
  ),
  rule(
    "pulses",
    "`pulses` cells a channel: claimant or ticket, code, value, sender",
    ({ channels, pulses }) => channels * pulses,
    () => PULSE_WORDS,
  ),
  rule(
    "connections",
    "client, channel and its generation, number, shared root",
    ({ connections }) => connections,
    () => CONNECTION_WORDS,
  ),
  rule("name waiters", "a bit for each task that waits for a name", places, () => 0, pendingWords),
  rule(
    "names",
    "owner, channel and 32 bytes of name",
    ({ names }) => names,
    () => NAME_WORDS,
  ),
  rule(
    "shared owners",
    "who holds a shared buffer",
    ({ sharedBuffers }) => sharedBuffers,
    () => 1,
  ),
  rule(
    "stable index",
    "where each task's stable state is, when tasks differ",
    ({ stableBytesOf }) => stableBytesOf?.length ?? 0,
    () => STABLE_INDEX_WORDS,
  ),
  rule(
    "stable",
    "state that outlives a task's incarnations: two copies and a version",
    ({ tasks, stableBytes, stableBytesOf }) =>
      stableBytesOf?.filter((bytes) => bytes > 0).length ?? (stableBytes === 0 ? 0 : tasks),
    ({ stableBytes }) => stableWords(stableBytes),
    allStableWords,
  ),
  rule(
    "spares",
    "how far the VM is that stands by for a task",
    ({ tasks }) => tasks,
    () => 1,
  ),
  rule(
    "trace",
    "the last rare events, for post-mortems",
    ({ trace }) => trace,
    () => TRACE_WORDS,
  ),
  rule(
    "buffers",
    "a send and a reply buffer of `messageBytes` for each task and the main VM",
    (limits) => 2 * places(limits),
    bufferWords,
  ),
  rule(
    "shared",
    "buffers for messages that are passed in place",
    ({ sharedBuffers }) => sharedBuffers,
    sharedWords,
  ),
]);

/** Word address of the region with this name, or of the end of the arena. */
function startOf(name: string, limits: Readonly<Limits>): number {
  let at = 0;
  for (const region of REGIONS) {
    if (region.name === name) break;
    at += region.total(limits);
  }
  return at;
}

/** Computes the layout for limits that src/manifest has accepted. Pure. */
export function layoutOf(limits: Readonly<Limits>): Layout {
  return Object.freeze({
    limits: Object.freeze({ ...limits }),
    places: places(limits),
    tasksAt: startOf("tasks", limits),
    channelsAt: startOf("channels", limits),
    channelWords: channelWords(limits),
    pendingWords: pendingWords(limits),
    pulsesAt: startOf("pulses", limits),
    connectionsAt: startOf("connections", limits),
    namesAt: startOf("names", limits),
    sharedOwnersAt: startOf("shared owners", limits),
    stableAt: startOf("stable", limits),
    stableIndexAt: limits.stableBytesOf === undefined ? 0 : startOf("stable index", limits),
    sparesAt: startOf("spares", limits),
    traceAt: startOf("trace", limits),
    buffersAtByte: startOf("buffers", limits) * WORD_BYTES,
    bufferStride: bufferWords(limits) * WORD_BYTES,
    sharedAtByte: startOf("shared", limits) * WORD_BYTES,
    sharedStride: sharedWords(limits) * WORD_BYTES,
    totalBytes: startOf("", limits) * WORD_BYTES,
  });
}

/** The regions in order, with what each costs and why. For people: it allocates. */
export function describeRegions(limits: Readonly<Limits>): Region[] {
  return REGIONS.map(({ name, reason, count, total }) => ({
    name,
    reason,
    offset: startOf(name, limits) * WORD_BYTES,
    bytes: total(limits) * WORD_BYTES,
    count: count(limits),
  }));
}

/** Adds a sentence to `problems` when the limits, each allowed, together ask for too much. */
export function checkArenaBytes(layout: Layout, problems: string[], path = "limits"): void {
  if (layout.totalBytes > ARENA_BYTES_MAX) {
    problems.push(
      `${path}: together they need ${layout.totalBytes} bytes, allowed are ${ARENA_BYTES_MAX}`,
    );
  }
}

// A preloaded module's body runs in the linker: a failure stops the build.
if (layoutOf(DEFAULT_LIMITS).totalBytes > DEFAULT_ARENA_BYTES_MAX) {
  throw new Error(`regions: the default arena needs more than ${DEFAULT_ARENA_BYTES_MAX} bytes`);
}
