/**
 * Hostile tasks on real threads, in the simulator. HOSTILE_THREAD_CALLS says how many calls.
 */
import test from "tape";
import { judge } from "./threads/judge.js";
import { attack } from "./threads/run.js";

const seed = Number(process.env["KERNEL_SEED"] ?? Date.now() % 1_000_000_000);
const calls = Number(process.env["HOSTILE_THREAD_CALLS"] ?? 80_000);

test(`hostile threads: ${calls} calls beside the honest (KERNEL_SEED=${seed})`, async (t) =>
  judge(t, calls, await attack(calls, seed)));
