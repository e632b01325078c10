/**
 * A million messages among 8 tasks that are killed at random points: none is lost or wrong, and
 * nothing is left behind.
 *
 * STRESS_SEED replays the choices of a run, STRESS_MESSAGES makes it longer, STRESS_KILLS harder.
 */
import test from "tape";
import { stress } from "./run.js";

const seed = Number(process.env["STRESS_SEED"] ?? Date.now() % 1_000_000);
const messages = Number(process.env["STRESS_MESSAGES"] ?? 1_000_000);

/** Kills, as a multiple of the usual: more of them, and less time to send between two. */
const rate = Number(process.env["STRESS_KILLS"] ?? 1);

const title = `stress: ${messages} messages among 8 tasks that are killed (STRESS_SEED=${seed})`;

test(title, async (t) => {
  const { clients, kills, recoveries, saves, leaks, accidents } = await stress(
    messages,
    seed,
    rate,
  );
  t.comment(`${kills} kills, ${recoveries} recoveries, ${saves} sleeps saved by the backstop`);
  t.deepEqual(accidents, [], "no task died by itself");
  t.ok(kills > 0, "tasks were killed");
  let answered = 0;
  for (const client of clients) {
    answered += client.answered;
    t.equal(client.failed, 0, `client ${client.sender}: no send failed`);
    t.equal(client.wrong, 0, `client ${client.sender}: every answer is that of its message`);
    t.equal(client.sum, client.expected, `client ${client.sender}: the sum is right`);
  }
  t.ok(answered >= messages, "all messages were answered");
  t.equal(leaks, 0, "no channel, connection, name or pulse is left behind");
});
