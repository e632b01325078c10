/**
 * Random orders on a board whose VMs are restless: whatever crosses whatever, no task ever has two
 * incarnations, the order is kept, what was stopped stays stopped, and every promise settles.
 *
 * LIFECYCLE_RUNS says how many are tried.
 */
import * as fc from "fast-check";
import test from "tape";
import { checkAsync, seeded } from "../../unit/kernel/seed.js";
import { ACTS, Trial } from "./trial.js";

const RUNS = Number(process.env["LIFECYCLE_RUNS"] ?? 100);

/** Plays any orders on a new board, and then asks it what is wrong. */
async function tryAny(isFierce: boolean, ask: (trial: Trial) => Promise<string[]>): Promise<void> {
  const property = fc.asyncProperty(
    fc.commands(ACTS, { maxCommands: 60, size: "max" }),
    async (orders) => {
      const trial = new Trial(isFierce);
      fc.modelRun(() => ({ model: {}, real: trial }), orders);
      const problems = await ask(trial);
      if (problems.length === 0) return;
      throw new Error([...problems, "", ...trial.oracle.journal.slice(-60)].join("\n"));
    },
  );
  await checkAsync(property, RUNS);
}

test(seeded("lifecycle: whatever is ordered comes to rest as it should"), async (t) => {
  await tryAny(false, (trial) => trial.rest());
  t.pass("for all that were tried");
  t.end();
});

test(seeded("lifecycle: the same when any death restarts the board"), async (t) => {
  await tryAny(true, (trial) => trial.rest());
  t.pass("for all that were tried");
  t.end();
});

test(seeded("lifecycle: a board that restarts leaves no promise open"), async (t) => {
  await tryAny(false, (trial) => {
    trial.supervisor.close();
    return trial.unsettled();
  });
  t.pass("for all that were tried");
  t.end();
});
