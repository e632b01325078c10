/**
 * The explorer by hand: npm run explore -- [scenario] [--mode m] [--short] [--replay schedule].
 *
 * Without a scenario all are searched. A replay needs its scenario and mode, and prints each
 * operation as it is performed.
 */
import { parseArgs } from "node:util";
import { emitExplored, loadExplored } from "./build.js";
import type { Job } from "./job.js";
import { boundsFor, type Mode, MODES } from "./modes.js";
import { nameOfWord } from "./names.js";
import { searchAll } from "./pool.js";
import type { Scenario } from "./scenario.js";
import { type Bounds, Search } from "./search.js";

const USAGE =
  "usage: npm run explore -- [scenario] [--mode <mode>] [--short] [--replay <schedule>]\n";

function refuse(text: string): never {
  process.stderr.write(`${text}\n${USAGE}`);
  process.exit(2);
}

/** The one with this name; ends the program when there is none. */
function pick<Named extends { readonly name: string }>(
  all: readonly Named[],
  name: string,
  what: string,
): Named {
  const found = all.find((some) => some.name === name);
  if (found !== undefined) return found;
  return refuse(`${what}: found "${name}", allowed ${all.map((some) => some.name).join(", ")}`);
}

function replay(scenario: Scenario, { bounds }: Mode, schedule: string): void {
  // A schedule says itself how often it departs from the straight way.
  const free: Bounds = { ...bounds, preemptions: 99, kills: 9, spurious: 9 };
  const reason = new Search(scenario, free).replay(
    schedule,
    (thread, { kind, at, a, b }, result) => {
      const args = [a, b].filter((value) => value !== 0).join(", ");
      const word = nameOfWord(globalThis.$words, at);
      console.log(`${thread.name} ${thread.count}: ${kind} ${word} (${args}) = ${String(result)}`);
    },
  );
  console.log(reason ?? "the schedule does not fail");
  process.exitCode = reason === null ? 0 : 1;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    mode: { type: "string" },
    short: { type: "boolean", default: false },
    replay: { type: "string" },
  },
});
const outDir = emitExplored("explore");
const scenarios = await loadExplored(outDir);
const [name] = positionals;
const chosen = name === undefined ? scenarios : [pick(scenarios, name, "scenario")];
const modes = values.mode === undefined ? MODES : [pick(MODES, values.mode, "mode")];
if (values.replay !== undefined) {
  if (name === undefined || values.mode === undefined) refuse("a replay needs scenario and mode");
  replay(chosen[0]!, modes[0]!, values.replay);
} else {
  const jobs: Job[] = [];
  for (const scenario of chosen) {
    for (const mode of modes) {
      const bounds = boundsFor(scenario, mode, values.short);
      if (bounds !== null) jobs.push({ scenario: scenario.name, mode: mode.name, bounds });
    }
  }
  await searchAll(outDir, jobs, ({ scenario, mode, findings }) => {
    const { schedules, states, failure } = findings;
    const end = failure === null ? "" : ` FAILS: ${failure.schedule}\n${failure.reason}`;
    console.log(`${scenario} ${mode}: ${schedules} schedules, ${states} states${end}`);
    if (failure !== null) process.exitCode = 1;
  });
}
