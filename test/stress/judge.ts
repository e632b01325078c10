/**
 * What a stress must come out with, whatever host it ran on.
 */
import type test from "tape";
import type { StressResult } from "./run.js";
import { CLIENTS } from "./tasks.js";

/** Asserts that nothing was lost or wrong, and that nothing is left behind. */
export function judge(t: test.Test, messages: number, result: StressResult): void {
  const { clients, kills, recoveries, saves, renotifies, leaks, accidents } = result;
  t.comment(
    `${kills} kills, ${recoveries} recoveries, ${renotifies} notifies repeated, ` +
      `${saves} sleeps saved by the backstop`,
  );
  t.deepEqual(accidents, [], "no task died by itself");
  t.ok(kills > 0, "tasks were killed");
  t.equal(clients.length, CLIENTS, "every client came to its end");
  let answered = 0;
  for (const client of clients) {
    answered += client.answered;
    t.equal(client.failed, 0, `client ${client.sender}: no send failed`);
    t.equal(client.wrong, 0, `client ${client.sender}: every answer is that of its message`);
    t.equal(client.sum, client.expected, `client ${client.sender}: the sum is right`);
  }
  t.ok(answered >= messages, "all messages were answered");
  t.equal(leaks, 0, "no channel, connection, name or pulse is left behind");
}
