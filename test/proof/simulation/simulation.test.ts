/**
 * A whole system in fake time, with faults: nothing is lost, wrong, repeated or left behind, and
 * the manager keeps to its policies.
 *
 * SIMULATION_SEED replays a run, event by event; SIMULATION_HOURS makes it longer.
 */
import test from "tape";
import { figure } from "../verify/figure.js";
import { type Outcome, simulate } from "./simulate.js";

const seed = Number(process.env["SIMULATION_SEED"] ?? Date.now() % 1_000_000_000);
const hours = Number(process.env["SIMULATION_HOURS"] ?? 150);
/** With so many the rarest of what can happen has happened, whatever the seed. */
const MANY_HOURS = 100;
/** Of the run that is made twice. */
const SHORT_HOURS = 5;
/** Until a mistake that repeats effects strikes with any seed. */
const FORGETFUL_HOURS = 400;

function report(t: test.Test, outcome: Outcome): void {
  figure(t, "simulated hours", outcome.hours);
  figure(t, "kills", outcome.kills);
  figure(t, "messages", outcome.messages);
  figure(t, "restarts", outcome.restarts);
  figure(t, "recoveries", outcome.recoveries);
  const { faults, escalations, reboots, stale, staleOnSuccessor, turns } = outcome;
  const { effects, repeats, endsInClaim, endsHolding, answered } = outcome;
  t.comment(`${faults} faults, ${escalations} escalations, ${reboots} restarts of the board`);
  t.comment(`${stale} stale reports, ${staleOnSuccessor} of them when the successor ran`);
  t.comment(`${answered} answers, ${effects} effects, ${repeats} repeats answered by the ledger`);
  t.comment(`${endsHolding} ends with a message in hand, ${endsInClaim} inside a claim`);
  t.comment(`${turns} turns`);
}

function judge(t: test.Test, outcome: Outcome): void {
  t.deepEqual(outcome.problems, [], "no problems");
  if (outcome.problems.length > 0) t.comment(`the last events:\n${outcome.last.join("\n")}`);
  t.equal(outcome.lost, 0, "no message is lost");
  t.equal(outcome.wrong, 0, "no answer is wrong");
  t.equal(outcome.repeated, 0, "no effect is repeated");
}

test(`simulation: ${hours} hours of a system with faults (SIMULATION_SEED=${seed})`, async (t) => {
  const start_ms = performance.now();
  const outcome = await simulate(seed, hours);
  const took_s = (performance.now() - start_ms) / 1_000;
  report(t, outcome);
  t.comment(`${Math.round(hours / took_s)} simulated hours a second`);
  judge(t, outcome);
  const { messages, kills, escalations, reboots, recoveries } = outcome;
  t.ok(escalations > 0, "the ladder was climbed");
  if (hours >= MANY_HOURS) t.ok(reboots > 0, "up to the restart of the board");
  t.ok(messages > 0 && kills > 0 && recoveries > 0, "messages were sent, and servers killed");
  t.ok(outcome.staleOnSuccessor > 0, "stale reports met successors");
  t.ok(outcome.endsHolding > 0, "servers died between a receive and its reply");
});

test(`simulation: the same seed is the same run (SIMULATION_SEED=${seed})`, async (t) => {
  const first = await simulate(seed, SHORT_HOURS);
  const second = await simulate(seed, SHORT_HOURS);
  t.deepEqual(second, first, "event by event");
  const other = await simulate(seed + 1, SHORT_HOURS);
  t.notEqual(other.hash, first.hash, "another seed is another run");
});

test(`simulation: finds a server that acts twice (SIMULATION_SEED=${seed})`, async (t) => {
  const { problems, repeated } = await simulate(seed, FORGETFUL_HOURS, true);
  t.equal(repeated, 1, "and stops there");
  t.match(problems[0] ?? "", /has had an effect before/, "with the reason");
});
