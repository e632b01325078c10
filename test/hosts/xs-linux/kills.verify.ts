/**
 * Ten thousand kills on real XS, in 32 bit: no message is lost or answered wrongly, and no effect
 * is lost or repeated. Here a kill is an order that a task obeys at its next pass through the
 * kernel, as on a board; between a commit and its reply only what the server throws itself strikes.
 *
 * STRESS_SEED replays the choices of a run, KILLS says how many.
 */
import test from "tape";
import { judge } from "../../load/stress/judge.js";
import { missing, type Mode, ordinary, THIRTY_TWO_BIT } from "./host.js";
import { stressOnXs } from "./stress.js";

const seed = Number(process.env["STRESS_SEED"] ?? Date.now() % 1_000_000);
const kills = Number(process.env["KILLS"] ?? 10_000);

async function killIn(t: test.Test, mode: Mode, count: number): Promise<void> {
  const why = missing(mode);
  if (why !== "") return t.skip(why);
  const start_ms = performance.now();
  const result = await stressOnXs(mode, { seed, messages: 0, rate: 0, kills: count });
  if (typeof result === "string") return t.fail(result);
  const took_s = (performance.now() - start_ms) / 1_000;
  t.comment(`${(result.kills / took_s).toFixed(1)} kills a second`);
  t.ok(result.kills >= count, `${result.kills} kills`);
  judge(t, 1, result);
}

test(`kills on XS: ${kills} of servers and clients (STRESS_SEED=${seed})`, (t) =>
  killIn(t, THIRTY_TWO_BIT, kills));

test(`kills on XS, no C: ${kills / 10} (STRESS_SEED=${seed})`, async (t) => {
  t.comment("sampled kills on XS without C: a tenth of those with it");
  await killIn(t, ordinary(THIRTY_TWO_BIT), Math.ceil(kills / 10));
});
