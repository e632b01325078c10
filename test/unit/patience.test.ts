/**
 * Patience: what of the time counts.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import test from "tape";
import { partOf, Patience, watch } from "../patience.js";

const share = (ran: number, stood: number): { ran: number; stood: number } => ({ ran, stood });

test("patience: of a stretch of time counts what the threads got of it", (t) => {
  const before = new Map([["1", share(100, 100)]]);
  t.equal(partOf(before, new Map([["1", share(100, 100)]])), 1, "all, while it asks for nothing");
  t.equal(partOf(before, new Map([["1", share(200, 100)]])), 1, "all, while nobody else does");
  t.equal(partOf(before, new Map([["1", share(200, 400)]])), 0.25, "a part, on a busy machine");
  const two = new Map([
    ["1", share(150, 100)],
    ["2", share(50, 100)],
  ]);
  t.equal(partOf(before, two), 0.5, "a thread that is new counts from its start");
  t.end();
});

test("patience: ends for a process that waits for ever", async (t) => {
  const child = spawn(process.execPath, ["-e", "setInterval(() => undefined, 1_000)"]);
  await once(child, "spawn");
  const end = watch(new Patience(300, child.pid), () => child.kill());
  const [, signal] = (await once(child, "exit")) as [number, string];
  end();
  t.equal(signal, "SIGTERM");
});
