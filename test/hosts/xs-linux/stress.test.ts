/**
 * The stress on real XS, in all modes: in C and, with fewer messages, without it. All of it goes
 * through kills, so it has to take a few seconds.
 */
import test from "tape";
import { judge } from "../../load/stress/judge.js";
import { ALL_MODES, isNative, losesWakeUps, missing, type Mode } from "./host.js";
import { judgeShares } from "./native-calls.js";
import { stressOnXs } from "./stress.js";

const seed = Number(process.env["STRESS_SEED"] ?? Date.now() % 1_000_000);
const rate = Number(process.env["STRESS_KILLS"] ?? 1);
const MESSAGES = Number(process.env["XS_MESSAGES"] ?? 15_000);

function messagesIn(mode: Mode): number {
  return isNative(mode) ? MESSAGES : MESSAGES / 4;
}

for (const mode of ALL_MODES) {
  const messages = messagesIn(mode);
  const title = `stress on XS, ${mode.name}: ${messages} messages (STRESS_SEED=${seed})`;
  test(title, async (t) => {
    const why = missing(mode);
    if (why !== "") return t.skip(why);
    const result = await stressOnXs(mode, { seed, messages, rate, kills: 0 });
    if (typeof result === "string") return t.fail(result);
    judge(t, messages, result, losesWakeUps(mode));
    // Kills come by the clock: where wake-ups get lost the run takes longer, and a recovery sends
    // more of the messages again, in TypeScript.
    if (isNative(mode) && !losesWakeUps(mode)) judgeShares(t, result.calls);
  });
}
