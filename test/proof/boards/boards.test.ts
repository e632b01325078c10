/**
 * Services across boards: nothing lost, nothing wrong, and no effect twice, whatever happens to
 * servers, boards, the broker and what they send. BOARDS_SEED=n replays a run; BOARDS_HOURS=n and
 * BOARDS_SEEDS=n make it longer.
 */
import test from "tape";
import { figure } from "../verify/figure.js";
import { RATES, World } from "./world.js";

const HOUR_MS = 3_600_000;
const from = Number(process.env["BOARDS_SEED"] ?? Date.now() % 1_000_000);
const seeds = Number(process.env["BOARDS_SEEDS"] ?? 2);
const hours = Number(process.env["BOARDS_HOURS"] ?? 0.05);

for (let seed = from; seed < from + seeds; seed++) {
  test(`boards: ${hours} simulated hours (BOARDS_SEED=${seed})`, (t) => {
    const world = new World(seed);
    world.run(hours * HOUR_MS, RATES);
    world.rest();
    const { oracle, kills, powerCycles, brokerRestarts, cuts } = world;
    t.deepEqual(oracle.problems, [], "nothing lost, wrong or repeated");
    t.comment(
      `${oracle.answers} answers, ${oracle.again} by a Ledger, ${kills} kills, ` +
        `${powerCycles} power cycles, ${brokerRestarts} restarts of the broker, ${cuts} cuts`,
    );
    figure(t, "calls between boards", oracle.answers);
    t.ok(oracle.answers > 100 * hours, `${oracle.answers} answers`);
    t.end();
  });
}
