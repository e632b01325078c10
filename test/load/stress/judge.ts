/**
 * What a stress must come out with, whatever host it ran on.
 */
import type test from "tape";
import type { StressResult } from "./run.js";
import { figure } from "../../proof/verify/figure.js";
import { CLIENTS } from "./protocol.js";

/**
 * A waker has given up on a ring that the sleeper had seen before it slept, and the slice ends just
 * as the next one rings: that counts as a lost wake-up, and is none.
 */
const MISTAKEN_MAX = 2;

/**
 * Asserts that nothing was lost or wrong, and that nothing is left behind; also no wake-up, but
 * where the engine loses some.
 */
export function judge(t: test.Test, messages: number, result: StressResult, isLossy = false): void {
  const { clients, kills, recoveries, saves, renotifies, leaks, accidents } = result;
  t.comment(
    `${kills} kills, ${recoveries} recoveries, ${renotifies} notifies repeated, ` +
      `${saves} sleeps saved by the backstop`,
  );
  t.deepEqual(accidents, [], "no task died by itself");
  t.ok(kills > 0, "tasks were killed");
  t.equal(clients.length, CLIENTS, "every client came to its end");
  let answered = 0;
  let effects = 0;
  for (const client of clients) {
    answered += client.answered;
    t.equal(client.failed, 0, `client ${client.sender}: no send failed`);
    t.equal(client.wrong, 0, `client ${client.sender}: every answer is that of its message`);
    t.equal(client.sum, client.expected, `client ${client.sender}: the sum is right`);
    effects += client.effects;
    const left = client.effects - client.added;
    t.equal(Math.max(0, -left), 0, `client ${client.sender}: no effect is lost`);
    t.equal(Math.max(0, left), 0, `client ${client.sender}: no effect is repeated`);
    t.equal(client.isTotalRight, 1, `client ${client.sender}: the effects are those of its values`);
  }
  t.ok(answered >= messages, "all messages were answered");
  t.ok(effects > 0, "messages had effects");
  figure(t, "kills", kills);
  figure(t, "messages", answered);
  figure(t, "recoveries", recoveries);
  if (isLossy) t.ok(saves > 0, "wake-ups were lost, and the backstop has ended those sleeps");
  else t.ok(saves <= MISTAKEN_MAX, `no wake-up was lost: ${saves} look so`);
  t.equal(leaks, 0, "no channel, connection, name or pulse is left behind");
}
