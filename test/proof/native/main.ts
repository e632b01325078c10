/**
 * `npm run differential [-- --calls=1000000] [--seed=n] [--sequence=n] [--native=folder]`: messages
 * in C against messages in TypeScript. Prints the seed; --sequence plays one sequence of it again.
 * With --traced both are those of the tracing build, and their records are compared too.
 */
import { register } from "node:module";
import { parseArgs } from "node:util";
import { Harness } from "./wire.js";

const { values } = parseArgs({
  options: {
    calls: { type: "string", default: "1000000" },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
    sequence: { type: "string" },
    native: { type: "string" },
    traced: { type: "boolean", default: false },
  },
});
// Before anything of src is loaded.
if (values.traced) register("./trace-hook.mjs", import.meta.url);
const { Comparison, Difference } = await import("./compare.js");
const seed = Number(values.seed);
const harness = new Harness(values.native, values.traced);
const comparison = new Comparison(harness, seed, values.traced);
const { tally } = comparison;
console.log(`seed ${seed}`);
try {
  if (values.sequence === undefined) {
    for (let i = 0; tally.calls < Number(values.calls); i++) comparison.play(i);
  } else {
    comparison.play(Number(values.sequence));
  }
  console.log(JSON.stringify(tally));
} catch (error) {
  if (!(error instanceof Difference)) throw error;
  console.log(error.message);
  process.exitCode = 1;
} finally {
  harness.close();
}
