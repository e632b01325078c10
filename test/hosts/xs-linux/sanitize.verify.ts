/**
 * The stress under ThreadSanitizer: no word of the arena, and nothing of the engine or of the C of
 * hosts/moddable/native, is used by two threads in a way that C gives no meaning to.
 */
import test from "tape";
import { judge } from "../../load/stress/judge.js";
import { missing, type Mode, MODES } from "./host.js";
import { stressOnXs } from "./stress.js";

const seed = Number(process.env["STRESS_SEED"] ?? Date.now() % 1_000_000);
const MESSAGES = 20_000;
const SANITIZED: Mode = { ...MODES[0]!, name: "ThreadSanitizer", sanitize: "thread" };

test(`stress on XS, ${SANITIZED.name}: ${MESSAGES} messages (STRESS_SEED=${seed})`, async (t) => {
  const why = missing(SANITIZED);
  if (why !== "") return t.skip(why);
  // Whatever is found is told on stderr, and the process ends with another code.
  const result = await stressOnXs(SANITIZED, { seed, messages: MESSAGES, rate: 1, kills: 0 });
  if (typeof result === "string") return t.fail(result);
  judge(t, MESSAGES, result);
});
