/**
 * Hostile tasks on real threads, for longer: see threads.test.ts.
 */
import test from "tape";
import { judge } from "./threads/judge.js";
import { attack } from "./threads/run.js";

const seed = Number(process.env["KERNEL_SEED"] ?? Date.now() % 1_000_000_000) + 1;
const calls = Number(process.env["HOSTILE_THREAD_CALLS"] ?? 2_000_000);

test(`hostile threads: ${calls} calls beside the honest (KERNEL_SEED=${seed - 1})`, async (t) =>
  judge(t, calls, await attack(calls, seed)));
