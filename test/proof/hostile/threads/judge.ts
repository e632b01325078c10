/**
 * What an attack must come out with, whatever host it ran on.
 */
import type test from "tape";
import { figure } from "../../verify/figure.js";
import type { HostileResult } from "./tasks.js";

/** Asserts that the honest were not harmed, and that nothing is left behind. */
export function judge(t: test.Test, calls: number, result: HostileResult): void {
  t.comment(`${result.deaths} deaths of attackers, ${result.answers} answers`);
  figure(t, "hostile calls", result.calls);
  t.deepEqual(result.accidents, [], "no honest task died");
  t.ok(result.calls >= calls, "the attackers came to their ends");
  t.ok(result.answers > 0, "the honest were answered meanwhile");
  t.equal(result.failed, 0, "every time");
  t.equal(result.wrong, 0, "and rightly");
  t.ok(result.isManagerAlive, "the manager answers");
  t.deepEqual(result.leaks, {}, "nothing is left behind");
}
