/**
 * Hostile tasks on real XS, where wake-ups get lost. HOSTILE_XS_CALLS says how many calls.
 */
import test from "tape";
import { LOSSY } from "./host.js";
import { attackOnXs } from "./hostile-run.js";

const seed = Number(process.env["KERNEL_SEED"] ?? Date.now() % 1_000_000);
const calls = Number(process.env["HOSTILE_XS_CALLS"] ?? 40_000);

test(`hostile tasks on XS, ${LOSSY.name}: ${calls} calls (KERNEL_SEED=${seed})`, (t) =>
  attackOnXs(t, LOSSY, calls, seed));
