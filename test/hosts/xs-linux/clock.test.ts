/**
 * Time on real XS, as the board's clock of 32 bits changes its sign or begins again: uptime, sleeps
 * and time limits, of the main VM and of tasks that start before and after.
 */
import { join } from "node:path";
import test from "tape";
import { bundle } from "./bundle.js";
import { missing, run, THIRTY_TWO_BIT } from "./host.js";
import { resultsIn } from "./results-in.js";

const mode = THIRTY_TWO_BIT;
/** After so long the clock is at its end. */
const BEFORE_MS = 400;
const LATE_MS = 600;
const LASTS_MS = 200;
/** A machine may be busy; a clock that is wrong is wrong by days. */
const BUSY_MS = 600_000;

/** What the clock shows when the board starts. */
const STARTS: readonly (readonly [string, number])[] = [
  ["changes its sign", 2 ** 31 - BEFORE_MS],
  ["begins again", 2 ** 32 - BEFORE_MS],
  ["is past its sign", 2 ** 31 + 1_000],
  ["is past 24 days, at the start", 2 ** 31 + 25_000],
];

/** A line of programs/clock.ts or clock-task.ts. */
interface Told {
  readonly name: string;
  readonly problem?: string;
  readonly first?: number;
  readonly last?: number;
  readonly longest?: number;
  readonly worst?: number;
}

for (const [what, clock] of STARTS) {
  test(`time on XS: the clock ${what}: uptime and waits are right`, async (t) => {
    const why = missing(mode);
    if (why !== "") return t.skip(why);
    const program = (name: string): string => join(import.meta.dirname, `programs/${name}.ts`);
    const all = await bundle({ clock: program("clock"), "clock-task": program("clock-task") });
    const task = (name: string, lasts_ms: number): object => ({
      module: "clock-task",
      args: { name, lasts_ms },
      restart: { when: "never" },
    });
    const tasks = { early: task("early", LATE_MS + LASTS_MS), late: task("late", LASTS_MS) };
    const config = { late_ms: LATE_MS, reattach: { tasks } };
    const switches = [`--clock=${clock}`];
    const { code, stdout, stderr } = await run({
      mode,
      bundle: all,
      main: "clock",
      config,
      switches,
    });
    all.remove();
    t.equal(code, 0, `the process ends well ${stderr}`);
    const told = resultsIn<Told>(stdout);
    for (const { name, problem } of told) {
      if (problem !== undefined) t.fail(`${name}: ${problem}`);
    }
    const numbers = (name: string): Told =>
      Object.assign({}, ...told.filter((each) => each.name === name)) as Told;
    const [main, early, late] = [numbers("main"), numbers("early"), numbers("late")];
    for (const { name, first = NaN, last = NaN } of [main, early, late]) {
      t.ok(first >= 0 && first <= last && last < BUSY_MS, `${name}: from ${first} to ${last}`);
    }
    t.ok(late.first! >= main.first! - 1, "a VM that starts later has the time of the others");
    t.ok(early.longest! < BUSY_MS && late.longest! < BUSY_MS, "no wait was days too long");
  });
}
