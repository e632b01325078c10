/**
 * Ten thousand kills in the simulator, on real threads: no message is lost or answered wrongly, and
 * no effect is lost or repeated.
 *
 * STRESS_SEED replays the choices of a run, KILLS says how many.
 */
import test from "tape";
import { judge } from "./judge.js";
import { stress } from "./run.js";

const seed = Number(process.env["STRESS_SEED"] ?? Date.now() % 1_000_000);
const kills = Number(process.env["KILLS"] ?? 10_000);

test(`kills: ${kills} of servers and clients (STRESS_SEED=${seed})`, async (t) => {
  const start_ms = performance.now();
  const result = await stress({ kills, seed });
  const took_s = (performance.now() - start_ms) / 1_000;
  t.comment(`${(result.kills / took_s).toFixed(1)} kills a second`);
  t.ok(result.kills >= kills, `${result.kills} kills`);
  judge(t, 1, result);
});
