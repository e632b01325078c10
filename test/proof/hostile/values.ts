/**
 * Arguments: right ones, nearly right ones, and what nobody should pass.
 */
import type { Dice } from "./dice.js";
import { handle, type Handle } from "./handles.js";

/** What a parameter of a call is. */
export type Kind =
  | "number"
  | "pid"
  | "chid"
  | "coid"
  | "scoid"
  | "rcvid"
  | "ham"
  | "index"
  | "flags"
  | "states"
  | "ms"
  | "count"
  | "priority"
  | "code"
  | "value"
  | "status"
  | "errno"
  | "bytes"
  | "parts"
  | "name"
  | "function"
  | Handle;

/** Thrown by arguments that throw. */
export const BOOM = Object.freeze({ name: "Boom" });

/** The task that acts, as far as its arguments depend on it. */
export interface Actor {
  /** Ids of each kind that calls have returned, to this task and to others. */
  readonly seen: Map<string, number[]>;
  /** Objects that calls have returned to this task. */
  readonly kept: Map<string, object[]>;
  /** Views of shared buffers. */
  readonly views: readonly Uint8Array[];
  /** Does something else in the kernel: what an argument that runs code can do. */
  readonly reenter: () => void;
  /** An argument of this call makes the engine itself throw, which is documented. */
  isOdd: boolean;
}

const NUMBERS: readonly number[] = [
  0,
  1,
  2,
  -1,
  -0,
  0.5,
  NaN,
  Infinity,
  -Infinity,
  63,
  64,
  127,
  128,
  255,
  511,
  512,
  65_535,
  65_536,
  0x3fff_ffff,
  0x4000_0000,
  0x7fff_ffff,
  2 ** 31,
  2 ** 32 - 1,
  2 ** 32,
  2 ** 53 - 1,
  2 ** 53,
  -(2 ** 31),
  1e300,
];
/** Where a number would be an oddity: records, which the engine itself asks for, and functions. */
const NO_NUMBERS = new Set<Kind>([
  "function",
  "info",
  "serverInfo",
  "clientInfo",
  "pulse",
  "event",
]);
for (const kind of ["dispatch", "context", "ledgerOptions", "restartOptions"] as const) {
  NO_NUMBERS.add(kind);
}
const NAMES: readonly string[] = [
  "a",
  "b",
  "honest",
  "x".repeat(32),
  "x".repeat(33),
  "",
  "/a",
  "a..b",
  "ä",
  "\0",
  "x".repeat(5_000),
  "__proto__",
];
const FLAGS: readonly number[] = [0, 1, 2, 0x40, 0x4000_0000, 0x08, 0x42, 0x0a, 3, 4, 5, -1];
const STATES: readonly number[] = [0, 0x10, 0x20, 0x40, 0x70, 1, -1];
const TIMES: readonly number[] = [0, 0.2, 0.5, 1, 100, -1, NaN, Infinity];
const COUNTS: readonly number[] = [8, 0, 1, 24, 32, 128, 129, 200, 256];
const LENGTHS: readonly number[] = [32, 0, 1, 24, 128, 129, 256, 300];

/** What no parameter takes. Each is made anew: some of them keep what happened to them. */
function oddity(dice: Dice, actor: Actor): unknown {
  const makers: readonly (() => unknown)[] = [
    () => undefined,
    () => null,
    () => "text",
    () => "4",
    () => true,
    () => [],
    () => [4],
    () => ({}),
    () => ({ valueOf: () => 4, toString: () => "4" }),
    () => ({
      valueOf: () => {
        throw BOOM;
      },
    }),
    () => ({
      valueOf: () => {
        actor.reenter();
        return 1;
      },
    }),
    () => new Proxy(new Uint8Array(4), { get: () => 4 }),
    () =>
      new Proxy(new Uint8Array(4), {
        get: () => {
          throw BOOM;
        },
      }),
    () => Object.create(Uint8Array.prototype) as object,
    () => Object.defineProperty(new Uint8Array(4), "length", { value: 100 }),
    () => detached(),
    () => new Float64Array(4),
    () => new DataView(new ArrayBuffer(8)),
    () => Symbol("odd"),
    () => 4n,
    () => () => 1,
  ];
  actor.isOdd = true;
  return dice.pick(makers)();
}

function detached(): Uint8Array {
  const array = new Uint8Array(8);
  // Node.js 20 has the one, XS the other.
  const buffer = array.buffer as ArrayBuffer & { transfer?: () => void };
  if (buffer.transfer !== undefined) buffer.transfer();
  else structuredClone(buffer, { transfer: [buffer] });
  return array;
}

/** An id: one that was given out, to whomever, one near it, or any number. */
function id(kind: string, dice: Dice, { seen }: Actor): number {
  const ids = seen.get(kind) ?? [];
  if (ids.length === 0) return dice.pick(NUMBERS);
  const known = ids[ids.length - 1 - dice.roll(ids.length)]!;
  if (!dice.once(4)) return known;
  const near = [1, -1, 512, -512, 4_096, 16_384, 2 ** 29, 0.5, 2 ** 32, -known - 1];
  return known + dice.pick(near);
}

function bytes(dice: Dice, actor: Actor): unknown {
  if (dice.once(6) && actor.views.length > 0) return dice.pick(actor.views);
  if (dice.once(12)) return null;
  const array = new Uint8Array(dice.pick(LENGTHS));
  for (let i = 0; i < array.length && i < 40; i++) array[i] = dice.roll(256);
  return array;
}

/** Parts of a message, some with getters that change, throw, or act. */
function parts(dice: Dice, actor: Actor): unknown {
  const list: unknown[] = [];
  const count = dice.roll(4);
  for (let i = 0; i < count; i++) {
    const base = bytes(dice, actor) as Uint8Array;
    if (!dice.once(5)) {
      list.push({ base, length: base === null ? 0 : dice.roll(base.length + 1) });
      continue;
    }
    actor.isOdd = true;
    const boom = dice.once(3);
    let reads = 0;
    list.push({
      base,
      get length(): unknown {
        if (boom && reads > 0) throw BOOM;
        if (reads === 1) actor.reenter();
        return reads++ === 0 ? 4 : dice.pick([4, 1, 100]);
      },
    });
  }
  return list;
}

/** A handler, or a recovery function: one that is asked for ever says no in the end. */
function callback(dice: Dice, actor: Actor): (coid: number) => number {
  if (dice.once(4)) {
    return () => {
      throw BOOM;
    };
  }
  let calls = 0;
  return (coid) => {
    actor.reenter();
    return ++calls > 3 ? -1 : coid;
  };
}

/** One argument. */
export function argument(kind: Kind, dice: Dice, actor: Actor): unknown {
  if (dice.once(24)) return oddity(dice, actor);
  if (dice.once(16) && !NO_NUMBERS.has(kind)) return dice.pick(NUMBERS);
  switch (kind) {
    case "number":
      return dice.pick(NUMBERS);
    case "pid":
    case "chid":
    case "coid":
    case "scoid":
    case "rcvid":
    case "ham":
      return id(kind, dice, actor);
    case "index":
      return dice.pick([0, 1, 0x4000_0000, 3, 31]);
    case "flags":
      return dice.pick(FLAGS);
    case "states":
      return dice.pick(STATES);
    case "ms":
      return dice.pick(TIMES);
    case "count":
      return dice.pick(COUNTS);
    case "priority":
      return dice.pick([-1, 1, 10, 63, 64]);
    case "code":
      return dice.pick([0, 1, 127, 128, -32, -33]);
    case "value":
      return dice.roll(2 ** 31);
    case "status":
      return dice.pick([0, 1, -1, 77]);
    case "errno":
      return dice.pick([0, 1, 3, -1, 260, 47]);
    case "bytes":
      return bytes(dice, actor);
    case "parts":
      return parts(dice, actor);
    case "name":
      return dice.pick(NAMES);
    case "function":
      return callback(dice, actor);
    default:
      return handle(kind, dice, actor);
  }
}
