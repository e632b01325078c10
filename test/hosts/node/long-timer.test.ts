/**
 * Timers beyond what Node.js can count: of callLater, and of a fault plan.
 */
import test from "tape";
import { injectFaults } from "../../../hosts/node/faults/injector.js";
import { callLater } from "../../../hosts/node/system/long-timer.js";
import { System } from "../../../hosts/node/system/system.js";

/** What Node.js can count. */
const STEP_MAX_MS = 2 ** 31 - 1;

/** A clock in place of the computer's: runs the timers that are due by `end_ms`, in order. */
function withFakeTimers(end_ms: number, act: () => void): { steps: number[]; now_ms: number } {
  const { setTimeout, clearTimeout } = globalThis;
  const timers = new Map<object, { due_ms: number; callback: () => void }>();
  const steps: number[] = [];
  let now_ms = 0;
  const set = (callback: () => void, ms: number): object => {
    steps.push(ms);
    const timer = {};
    // As Node.js: beyond its range at once.
    timers.set(timer, { due_ms: now_ms + (ms > STEP_MAX_MS ? 1 : ms), callback });
    return timer;
  };
  Object.assign(globalThis, {
    setTimeout: set,
    clearTimeout: (timer: object) => timers.delete(timer),
  });
  try {
    act();
    for (;;) {
      const [next] = [...timers].sort(([, a], [, b]) => a.due_ms - b.due_ms);
      if (next === undefined || next[1].due_ms > end_ms) break;
      timers.delete(next[0]);
      now_ms = next[1].due_ms;
      next[1].callback();
    }
  } finally {
    Object.assign(globalThis, { setTimeout, clearTimeout });
  }
  return { steps, now_ms };
}

for (const ms of [0, 1, STEP_MAX_MS, 2 ** 31, 2 ** 31 + 1, 2 ** 32, 3 * 2 ** 32 + 5]) {
  test(`callLater: calls once, after ${ms} ms`, (t) => {
    let calls = 0;
    const { steps, now_ms } = withFakeTimers(2 ** 40, () => callLater(() => calls++, ms));
    t.deepEqual([calls, now_ms], [1, ms], "once, and then");
    t.ok(
      steps.every((step) => step <= STEP_MAX_MS),
      "each step is one that Node.js can count",
    );
    t.end();
  });
}

test("callLater: not at all when it has been cancelled on the way", (t) => {
  let calls = 0;
  withFakeTimers(2 ** 40, () => {
    const later = callLater(() => calls++, 2 ** 33);
    callLater(() => later.cancel(), 2 ** 32);
  });
  t.equal(calls, 0, "not called");
  t.end();
});

test("injectFaults: delays over 2^31 ms are as long as they say", (t) => {
  let kills = 0;
  // It has to be a System; each thing that is asked of it is its own, also what is a getter there.
  const system = Object.create(System.prototype, {
    manifest: { value: { tasks: [{ name: "sensor" }] } },
    hasHardware: { value: false },
    isTraced: { value: false },
    on: { value: () => undefined },
    state: { value: "running" },
    isRunning: { value: () => true },
    ps: { value: () => [{ name: "sensor", pid: 513 }] },
    kill: { value: () => Promise.resolve(++kills) },
  }) as System;
  const year_ms = 365 * 24 * 3_600_000;
  withFakeTimers(10 * year_ms, () => void injectFaults(system, ["kill:sensor:8760h"], 1));
  t.ok(kills >= 6 && kills <= 19, `${kills} kills in ten years, one a year`);
  t.end();
});
