/**
 * The trace points of a task's thread in the tracing build: those of the kernel, the clock of this
 * host, what the simulator notes beside the records (details.ts), and points where a task stands
 * still for a fault. rollup.config.mjs puts this file in the place of src/kernel/trace/points.ts.
 */
import { getHeapStatistics } from "node:v8";
import { parentPort } from "node:worker_threads";
import * as L from "../../../src/arena/layout.js";
import { useClock } from "../../../src/kernel/trace/record.js";
import * as recorder from "../../../src/kernel/trace/recorder.js";
import * as R from "../../../src/kernel/trace/ring.js";
import type { WorkerMessage } from "../host/protocol.js";
import { microseconds } from "./clock.js";
import { DetailWriter } from "./details.js";
import { attachPoints, passPoint } from "./pass-point.js";
import { AT_ANSWER, AT_MESSAGE } from "./point-words.js";

export * from "../../../src/kernel/trace/recorder.js";

/** What a thread is started with, as far as traces are concerned. */
interface ThreadStart extends R.TraceStart {
  /** The blocks of details.ts; null where nothing is traced. */
  readonly details?: SharedArrayBuffer | null;
  /** Those of message-points.ts; null where nothing is traced. */
  readonly points?: SharedArrayBuffer | null;
}

/** The heap is looked at so often, while the task passes through the kernel or its event loop. */
const HEAP_US = 100_000;
const HEAP_MS = 500;

/** _NTO_SIDE_CHANNEL: the first number of a side channel. */
const SIDE_CHANNEL = 0x4000_0000;

/** This thread's block; null before it is a task, and after it has been one. */
let details: DetailWriter | null = null;
let heapDue_us = 0;
let heapTimer: NodeJS.Timeout | undefined;

/** This thread is the incarnation with this pid. */
export function traceAttach(start: Readonly<ThreadStart>, pid: number): void {
  if (start.details) details = new DetailWriter(start.details, pid & L.PID_INDEX_MASK);
  attachPoints(start.points ?? null, pid, { tell });
  useClock(clock);
  recorder.attachIncarnation(start, pid);
  // For one that lives in its event loop, and makes no record there.
  heapTimer = setInterval(noteHeap, HEAP_MS).unref();
}

function tell(point: number): void {
  parentPort?.postMessage({ type: "point", point } satisfies WorkerMessage);
}

/** Each record asks for the time: so here a task that is busy passes often enough. */
function clock(): number {
  const now = microseconds();
  if (now >= heapDue_us) {
    heapDue_us = now + HEAP_US;
    noteHeap();
  }
  return now;
}

function noteHeap(): void {
  if (details === null) return;
  const { used_heap_size, heap_size_limit } = getHeapStatistics();
  details.heap(used_heap_size, heap_size_limit);
}

/** The own last act: nothing is noted after it, as a successor may take the block. */
export function traceEnd(): void {
  recorder.traceEnd();
  clearInterval(heapTimer);
  details = null;
}

/** The message is staged and not yet published: its bytes are the task's own still. */
export function traceSend(server: number, sending: number, bytes: number): void {
  recorder.traceSend(server, sending, bytes);
  const ring = globalThis.$ring;
  if (details === null || ring === undefined) return;
  const isShared = bytes > $words[L.HEAD_MESSAGE_BYTES]!;
  const at = isShared ? $own[L.SLOT_SEND_AT]! : $vm.sendAtByte;
  const coid = coidIn($words[$own[L.SLOT_CONNECTION]! + L.CONNECTION_COID]!);
  details.sent(ring[R.RING_LAST]!, timeIn(ring), coid, server, $words, at >> 2, bytes);
}

/** coidOf() of connection.ts, which imports this file, by way of the doorbell. */
function coidIn(word: number): number {
  const number = word & L.CONNECTION_NUMBER_MASK;
  return (word & L.CONNECTION_SIDE) !== 0 ? SIDE_CHANNEL + number : number;
}

/** The answer stands in the buffer for it still. */
export function traceReturn(status: number): void {
  recorder.traceReturn(status);
  const ring = globalThis.$ring;
  if (details === null || ring === undefined) return;
  const at = $own[L.SLOT_REPLY_AT] || $vm.sendAtByte + $words[L.HEAD_BUFFER_STRIDE]!;
  details.returned(timeIn(ring), status >= 0, $words, at >> 2, $own[L.SLOT_WRITTEN]!);
}

/** Of the record that was made last. */
function timeIn(ring: Int32Array): number {
  const last = ring[R.RING_LAST]! & ring[R.RING_MASK]!;
  return ring[R.RING_WORDS + (last << R.RECORD_SHIFT) + R.RECORD_TIME]!;
}

/** The message of the task `client` has been received. */
export function traceReceive(client: number, bytes: number): void {
  recorder.traceReceive(client, bytes);
  passPoint(AT_MESSAGE, client, bytes);
}

/** The message of the task `client` is to be answered, and nothing of that has happened. */
export function traceAnswer(client: number): void {
  passPoint(AT_ANSWER, client, $words[client + L.SLOT_SENT]!);
}
