/**
 * Kills under load in every order of priorities: who sends above, below and beside who answers, and
 * who is killed at random above, below and between them.
 */
import test from "tape";
import { judge } from "../../load/stress/judge.js";
import { losesWakeUps, missing, type Mode } from "./host.js";
import { type Bands, stressOnXs } from "./stress.js";

/** Kills, as a multiple of the usual: each of the four mortal tasks some ten times a second. */
const RATE = 10;

/** Priorities of which each has a FreeRTOS priority of its own: 1, 2 and 3. */
const LEVELS: readonly number[] = [10, 30, 50];

/** Do they use the lower levels first? Else the same order is there with lower levels. */
function isPacked({ clients, services, victim }: Bands): boolean {
  const used = new Set([clients, services, victim]);
  return LEVELS.slice(0, used.size).every((level) => used.has(level));
}

/** All orders of the three, those in which some are equal included: 13. */
export const ORDERS: readonly Bands[] = LEVELS.flatMap((clients) =>
  LEVELS.flatMap((services) => LEVELS.map((victim) => ({ clients, services, victim }))),
).filter(isPacked);

/** Those in which no two are equal. */
export const STRICT_ORDERS: readonly Bands[] = ORDERS.filter(
  ({ clients, services, victim }) => new Set([clients, services, victim]).size === LEVELS.length,
);

/** A test of so many messages in this mode and order; STRESS_SEED replays its choices. */
export function playBands(
  mode: Mode,
  messages: number,
  bands: Bands,
): { title: string; play: (t: test.Test) => Promise<void> } {
  const seed = Number(process.env["STRESS_SEED"] ?? Date.now() % 1_000_000);
  const { clients, services, victim } = bands;
  const order = `clients ${clients}, services ${services}, victim ${victim}`;
  const title = `kills on XS, ${mode.name}: ${order} (STRESS_SEED=${seed})`;
  const play = async (t: test.Test): Promise<void> => {
    const result = await stressOnXs(mode, { seed, messages, rate: RATE, kills: 0, bands });
    if (typeof result === "string") return t.fail(result);
    judge(t, messages, result, losesWakeUps(mode));
  };
  return { title, play };
}

/** The test in a mode that has priorities by itself. `note` says what is not played. */
export function bandsTest(mode: Mode, messages: number, bands: Bands, note = ""): void {
  const { title, play } = playBands(mode, messages, bands);
  test(title, async (t) => {
    const why = missing(mode);
    if (why !== "") return t.skip(why);
    if (note !== "") t.comment(note);
    await play(t);
  });
}
