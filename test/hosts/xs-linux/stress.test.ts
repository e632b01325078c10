/**
 * The stress on real XS: most messages where wake-ups get lost, as they do on XS 8.2.3, and fewer
 * in the other modes.
 */
import test from "tape";
import { judge } from "../../load/stress/judge.js";
import { LOSSY, missing, type Mode, MODES } from "./host.js";
import { stressOnXs } from "./stress.js";

const seed = Number(process.env["STRESS_SEED"] ?? Date.now() % 1_000_000);
const rate = Number(process.env["STRESS_KILLS"] ?? 1);
/** A million with npm run verify. */
const LOSSY_MESSAGES = Number(process.env["XS_MESSAGES"] ?? 100_000);

function messagesIn(mode: Mode): number {
  return mode === LOSSY ? LOSSY_MESSAGES : LOSSY_MESSAGES / 4;
}

for (const mode of MODES) {
  const messages = messagesIn(mode);
  const title = `stress on XS, ${mode.name}: ${messages} messages (STRESS_SEED=${seed})`;
  test(title, async (t) => {
    const why = missing(mode);
    if (why !== "") return t.skip(why);
    const result = await stressOnXs(mode, { seed, messages, rate, kills: 0 });
    if (typeof result === "string") return t.fail(result);
    judge(t, messages, result, mode === LOSSY);
  });
}
