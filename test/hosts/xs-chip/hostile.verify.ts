/**
 * Hostile tasks on the emulated chip: see test/hosts/xs-linux/hostile.test.ts.
 */
import test from "tape";
import { attackOnXs } from "../xs-linux/hostile-run.js";
import { CHIP_MODES } from "./chip.js";

const seed = Number(process.env["KERNEL_SEED"] ?? Date.now() % 1_000_000);
/** In each mode. */
const calls = Number(process.env["HOSTILE_CHIP_CALLS"] ?? 10_000);

for (const mode of CHIP_MODES) {
  test(`hostile tasks on XS, ${mode.name}: ${calls} calls (KERNEL_SEED=${seed})`, (t) =>
    attackOnXs(t, mode, calls, seed));
}
