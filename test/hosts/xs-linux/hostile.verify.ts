/**
 * Hostile tasks on real XS, in all its modes and for longer: see hostile.test.ts.
 */
import test from "tape";
import { MODES } from "./host.js";
import { attackOnXs } from "./hostile-run.js";

const seed = Number(process.env["KERNEL_SEED"] ?? Date.now() % 1_000_000) + 1;
/** In each mode. About ten seconds each. */
const calls = Number(process.env["HOSTILE_XS_CALLS"] ?? 200_000);

for (const mode of MODES) {
  test(`hostile tasks on XS, ${mode.name}: ${calls} calls (KERNEL_SEED=${seed - 1})`, (t) =>
    attackOnXs(t, mode, calls, seed));
}
