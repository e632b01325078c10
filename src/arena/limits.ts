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
  /** Buffers for messages longer than `messageBytes`. */
  sharedBuffers: number;
  /** Bytes of each of them. */
  sharedBytes: number;
}

/** A limit that a manifest may name. */
export type LimitName = Exclude<keyof Limits, "stableBytesOf">;

/** Bytes of state of a task may be up to this. */
export const STABLE_BYTES_MAX = 65_536;

/** One row of the table below. */
export interface LimitRange {
  readonly key: LimitName;
  readonly value: number;
  readonly min: number;
  readonly max: number;
}

function range(key: LimitName, value: number, min: number, max: number): LimitRange {
  return Object.freeze({ key, value, min, max });
}

/**
 * Every limit with its default and what is allowed. The default arena fits in 8 KiB (layout.ts).
 */
const LIMIT_RANGES: readonly LimitRange[] = Object.freeze([
  /** Nine bits of a pid are the index; index 0 is the main VM. */
  range("tasks", 8, 1, 511),
  /** 64 channels for each of 256 tasks. */
  range("channels", 8, 1, 16_384),
  /** Twelve bits of a scoid are the index. */
  range("connections", 32, 1, 4_096),
  range("names", 8, 0, 1_024),
  /** At least a pulse must fit, since pulses are received into the same buffers. */
  range("messageBytes", 128, 24, 65_536),
  range("pulses", 8, 1, 1_024),
  range("trace", 64, 0, 65_536),
  range("stableBytes", 64, 0, STABLE_BYTES_MAX),
  range("sharedBuffers", 0, 0, 256),
  range("sharedBytes", 0, 0, 1_048_576),
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
});

/**
 * The largest arena a system may ask for. Byte offsets are kept in signed 32-bit words, and a
 * request beyond this is a slip of the finger in a manifest, not a microcontroller.
 */
export const ARENA_BYTES_MAX = 0x4000_0000;

function found(value: unknown): string {
  try {
    return typeof value === "string" ? `"${value}"` : String(value);
  } catch {
    // JSON can name a member toString.
    return "an object";
  }
}

/**
 * Reads `config.reattach.limits`: what it leaves out is the default.
 * Every problem is added to `problems` as one sentence that names the key, what was found and what
 * is allowed; with no new problem the returned limits are safe to build an arena from.
 */
export function readLimits(input: unknown, problems: string[], path = "limits"): Limits {
  const limits: Limits = { ...DEFAULT_LIMITS };
  if (input === undefined) return limits;
  if (typeof input !== "object" || input === null || Array.isArray(input)) {
    problems.push(`${path}: found ${found(input)}, allowed is an object`);
    return limits;
  }
  const given = input as Record<string, unknown>;
  for (const key of Object.keys(given)) {
    const row = LIMIT_RANGES.find((candidate) => candidate.key === key);
    const value = given[key];
    if (row === undefined) {
      const allowed = LIMIT_RANGES.map((candidate) => candidate.key).join(", ");
      problems.push(`${path}.${key}: no such limit, allowed are ${allowed}`);
    } else if (!Number.isInteger(value) || Number(value) < row.min || Number(value) > row.max) {
      problems.push(
        `${path}.${key}: found ${found(value)}, ` +
          `allowed is a whole number from ${row.min} to ${row.max}`,
      );
    } else {
      limits[row.key] = value as number;
    }
  }
  return limits;
}
