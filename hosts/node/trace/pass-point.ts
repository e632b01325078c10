/**
 * A task's thread at a message: is it the one where a fault is to strike? The other side of
 * message-points.ts, in the tracing build and in that of simulations.
 *
 * Where it is, the task stands still as POISON_HOLD has it, tells main, and main carries the fault
 * out: nothing of the program runs between the message and the fault.
 */
import * as L from "../../../src/arena/layout.js";
import { sendBufferAt } from "../../../src/arena/vm.js";
import * as P from "./point-words.js";

/** How soon another order of the host is seen. */
const SLICE_MS = 20;

/** What a thread has of its host. */
export interface PointHands {
  /** Tells main that this task stands still at a point. */
  readonly tell: (point: number) => void;
}

let words: Int32Array | null = null;
let place = 0;
let hands: PointHands;

/** This thread is the incarnation with this pid from here on. */
export function attachPoints(
  memory: SharedArrayBuffer | null,
  pid: number,
  itsHands: PointHands,
): void {
  hands = itsHands;
  words = memory === null ? null : new Int32Array(memory);
  place = pid & L.PID_INDEX_MASK;
}

/** The message of the task `client`, of so many bytes, is at P.AT_MESSAGE, or at P.AT_ANSWER. */
export function passPoint(at: number, client: number, bytes: number): void {
  if (words === null) return;
  const end = Atomics.load(words, P.POINTS_END);
  for (let point = 0; point < end; point++) {
    const own = P.pointAt(point);
    if (Atomics.load(words, own + P.POINT_KEY) !== P.keyOf(place, at)) continue;
    const isAny = words[own + P.POINT_IS_TAGGED] === 0;
    if (!isAny && tagOf(client, bytes) !== words[own + P.POINT_TAG]) continue;
    const count = Atomics.add(words, own + P.POINT_COUNT, 1) + 1;
    if (count === words[own + P.POINT_NUMBER]) standStill(point);
  }
}

/** The first word of a message: of a typed one, its tag. undefined when it has none. */
function tagOf(client: number, bytes: number): number | undefined {
  if (bytes < Int32Array.BYTES_PER_ELEMENT) return undefined;
  const isShort = bytes >>> 0 <= $words[L.HEAD_MESSAGE_BYTES]!;
  const at = isShort ? sendBufferAt(client) : $words[client + L.SLOT_SEND_AT]!;
  return $words[at / Int32Array.BYTES_PER_ELEMENT];
}

/** Until main says what becomes of it. An order to stop is for the next call to obey. */
function standStill(point: number): void {
  const before = Atomics.load($own, L.TASK_POISON);
  if (before === L.POISON_STOP) return;
  if (Atomics.compareExchange($own, L.TASK_POISON, before, L.POISON_HOLD) !== before) return;
  hands.tell(point);
  let order: number = L.POISON_HOLD;
  while (order === L.POISON_HOLD || order === L.POISON_HANG) {
    // In slices: who has a task hang, or stop, rings its doorbell alone.
    Atomics.wait($own, L.TASK_POISON, order, SLICE_MS);
    order = Atomics.load($own, L.TASK_POISON);
  }
  if (order >= L.POISON_HOST) $vm.port.obey?.(order);
}
