/**
 * The limits of a system: the only numbers an application chooses.
 *
 * They come from `config.reattach.limits` of the application's manifest, on the device and in the
 * simulator alike, and fix the size of the arena once at boot. Derived numbers live in layout.ts.
 */

/** How many of each thing a system has room for. */
export interface Limits {
  /** Service tasks. The main VM has a place of its own and is not counted. */
  tasks: number;
  /** Channels of all tasks together. */
  channels: number;
  /** Connections of all tasks together. */
  connections: number;
  /** Registered names. */
  names: number;
  /** Longest message, in bytes, that is passed through a task's own buffers. */
  messageBytes: number;
  /** Pulses that can wait on one channel. */
  pulses: number;
  /** Records in the trace ring. */
  trace: number;
  /** Bytes of state, a task, that outlive its incarnations. */
  stableBytes: number;
  /**
   * The same where tasks differ: one number a place, in the order of the tasks in the manifest.
   * Made of the `stableBytes` of tasks; no limit that a manifest names.
   */
  readonly stableBytesOf?: readonly number[];
  /**
   * Places beside those of tasks and of the main VM, whose tasks the main VM acts for (src/net).
   * Default 0. Made of `net`; no limit that a manifest names.
   */
  readonly agents?: number;
  /**
   * Records of messages that each task keeps in the tracing build, on a device. Of a manifest
   * alone: they are not in the arena, and other builds have none.
   */
  readonly messageTrace?: number;
  /** Buffers for messages longer than `messageBytes`. */
  sharedBuffers: number;
  /** Bytes of each of them. */
  sharedBytes: number;
}

/** A limit that a manifest may name. */
export type LimitName = Exclude<keyof Limits, "stableBytesOf" | "messageTrace" | "agents">;

/** Bytes of state of a task may be up to this. */
export const STABLE_BYTES_MAX = 65_536;

/** One row of the table below. */
export interface LimitRange {
  readonly key: LimitName | "messageTrace";
  readonly value: number;
  readonly min: number;
  readonly max: number;
  /** What there is so much of, and why there may be no more. In Markdown. */
  readonly about: string;
}

function range(
  key: LimitRange["key"],
  value: number,
  min: number,
  max: number,
  about: string,
): LimitRange {
  return Object.freeze({ key, value, min, max, about });
}

/**
 * Every limit with its default and what is allowed. The default arena fits in 8 KiB (layout.ts).
 */
export const LIMIT_RANGES: readonly LimitRange[] = Object.freeze([
  range(
    "tasks",
    8,
    1,
    511,
    "Tasks; the main VM has a place of its own. Nine bits of a pid are the place, and place 0 is " +
      "the main VM's.",
  ),
  range(
    "channels",
    8,
    1,
    16_384,
    "Channels of all tasks together: one for each task. 64 for each of 256 tasks are the most.",
  ),
  range(
    "connections",
    32,
    1,
    4_096,
    "Connections of all tasks together: four for each task. Twelve bits of a scoid are the number.",
  ),
  range("names", 8, 0, 1_024, "Names that are attached at a time: one for each task."),
  range(
    "messageBytes",
    128,
    24,
    65_536,
    "The longest message, in bytes, that is passed through a task's own two buffers. A pulse, " +
      "of 24, is received into them too.",
  ),
  range("pulses", 8, 1, 1_024, "Pulses that can wait on one channel."),
  range(
    "trace",
    64,
    0,
    65_536,
    "Records of the trace, which tells after a death what came before it.",
  ),
  range(
    "stableBytes",
    64,
    0,
    STABLE_BYTES_MAX,
    "Bytes of state that outlive a task, for each task that does not say how many it has.",
  ),
  range(
    "sharedBuffers",
    0,
    0,
    256,
    "Buffers for messages longer than `messageBytes`. Most applications have none.",
  ),
  range(
    "sharedBytes",
    0,
    0,
    1_048_576,
    "Bytes of each of them; 1 or more where there are any. Each lies on a whole number of words.",
  ),
  range(
    "messageTrace",
    64,
    0,
    65_536,
    "Records of messages that each task keeps, of 16 bytes each, on a board that includes " +
      "`reattach/trace/manifest.json`; rounded up to a power of two, 16 or more. No memory else.",
  ),
]);

/** The defaults: what an application gets that says nothing. */
export const DEFAULT_LIMITS: Readonly<Limits> = Object.freeze({
  tasks: 8,
  channels: 8,
  connections: 32,
  names: 8,
  messageBytes: 128,
  pulses: 8,
  trace: 64,
  stableBytes: 64,
  sharedBuffers: 0,
  sharedBytes: 0,
  messageTrace: 64,
});

/**
 * The largest arena a system may ask for. Byte offsets are kept in signed 32-bit words, and a
 * request beyond this is a slip of the finger in a manifest, not a microcontroller.
 */
export const ARENA_BYTES_MAX = 0x4000_0000;
