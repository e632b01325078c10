/**
 * Main on XS, in the tracing build: what each trace point of the kernel costs, and which words
 * records have. The test has made exports of the trace points, which no build has.
 */
import * as kernel from "reattach";
import { boot } from "reattach/moddable";
import { record } from "reattach/trace/messages";
import { bytecodes, chunkBytes, collect, collections, exit, slots } from "xs";
import { createRings, RING_LAST, ringOf } from "../../../../src/kernel/trace/ring.js";
import type * as Recorder from "../../../../src/kernel/trace/recorder.js";
import {
  FIRST_NUMBERS,
  type PointCost,
  RECORDS,
  RING_RECORDS,
  type TracePointsResult,
} from "../trace-records.js";
import { MARK } from "./results.js";

const TIMES = 1_000;

const points = kernel as unknown as typeof Recorder;

// No task: what a trace point says of one is what the main VM says of itself.
void boot();
const me = $me;

const CALLS: Readonly<Record<string, () => void>> = {
  traceStarted: () => points.traceStarted(1),
  traceSend: () => points.traceSend(me, 8, 64),
  traceReceive: () => points.traceReceive(me, 64),
  traceReply: () => points.traceReply(me, 0, 64),
  "traceReply of an error": () => points.traceReply(me, -5, 0),
  traceReturn: () => points.traceReturn(0),
  "traceReturn of a loss": () => points.traceReturn(-9_003),
  tracePulse: () => points.tracePulse(me, 5),
  traceGotPulse: () => points.traceGotPulse(),
  traceBlock: () => points.traceBlock(),
  traceWake: () => points.traceWake(),
  traceRecovering: () => points.traceRecovering(3),
};

function repeat(call: () => void): number {
  const start = bytecodes();
  for (let i = 0; i < TIMES; i++) call();
  return bytecodes() - start;
}

const nothing = (): void => undefined;

function note(into: { slots: number; chunkBytes: number; collections: number }): void {
  into.slots = slots();
  into.chunkBytes = chunkBytes();
  into.collections = collections();
}

function measure(call: () => void): PointCost {
  const empty = repeat(nothing);
  call();
  const before = { slots: 0, chunkBytes: 0, collections: 0 };
  const after = { slots: 0, chunkBytes: 0, collections: 0 };
  const first = $ring![RING_LAST]!;
  collect();
  // Twice: only the second one is known to cost nothing itself.
  note(before);
  note(before);
  const used = repeat(call);
  note(after);
  return {
    bytecodes: (used - empty) / TIMES,
    records: ($ring![RING_LAST]! - first) / TIMES,
    slots: after.slots - before.slots,
    chunkBytes: after.chunkBytes - before.chunkBytes,
    collections: after.collections - before.collections,
  };
}

function write(first: number): number[] {
  const ring = ringOf(createRings(1, RING_RECORDS), 0);
  ring[RING_LAST] = first;
  globalThis.$ring = ring;
  for (const [kind, task, value, message] of RECORDS) record(kind, task, value, message);
  return Array.from(ring);
}

function writeWithoutRing(): number {
  const ring = $ring!;
  const before = ring[RING_LAST]!;
  globalThis.$ring = undefined;
  record(1, me, 0, 0);
  return ring[RING_LAST]! - before;
}

const costs: Record<string, PointCost> = {};
for (const [name, call] of Object.entries(CALLS)) costs[name] = measure(call);
const rings = FIRST_NUMBERS.map(write);
const result: TracePointsResult = { costs, rings, withoutRing: writeWithoutRing() };
trace(`${MARK}${JSON.stringify(result)}\n`);
exit(0);
