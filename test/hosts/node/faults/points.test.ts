/**
 * Faults at the n-th message: exactly there, and nothing of the program in between.
 */
import test from "tape";
import { clientOf, Lab, SERVER } from "./lab.js";

const ROUNDS = 60;
const CLIENT = clientOf({ pause_ms: 0, rounds: ROUNDS });

/** Runs the client's rounds under a plan. */
async function play(plan: readonly string[]): Promise<Lab> {
  const lab = await Lab.open({ server: SERVER, client: CLIENT }, { plan, isTraced: true });
  try {
    await lab.until(() => lab.said("client").length === ROUNDS);
    return lab;
  } finally {
    await lab.system.stop();
  }
}

/** The values that its lives have put, one after the other. */
function putIn(lab: Lab): number[] {
  return lab
    .said("server")
    .flatMap((line) => /^put (\d+)$/.exec(line)?.[1] ?? [])
    .map(Number);
}

/** 1 … 60, and these a second time. */
function oneToLast(...again: number[]): number[] {
  const values = Array.from({ length: ROUNDS }, (_, i) => i + 1);
  return [...values, ...again].sort((a, b) => a - b);
}

test("kill @message: the n-th put is received, and never seen by its server", async (t) => {
  const lab = await play(["kill:server@message:put#41"]);
  t.deepEqual(putIn(lab), oneToLast(), "each value was put once: 41 by the successor");
  t.deepEqual(
    lab.deaths.map(({ name, cause }) => [name, cause]),
    [["server", "killed"]],
  );
  t.deepEqual(lab.strikes, ["kill:server@message:put#41: server"]);
  t.deepEqual(
    lab.faults.rules.map(({ struck }) => struck),
    [1],
    "once, and no more",
  );
  t.notOk(
    lab.said("client").some((line) => /: -/.test(line)),
    "its client has not noticed",
  );
});

test("kill @after-effect: the effect is there, and the answer is not", async (t) => {
  const lab = await play(["kill:server@after-effect:put#41"]);
  t.deepEqual(putIn(lab), oneToLast(41), "41 was put twice, as no ledger remembers it");
  t.deepEqual(
    lab.deaths.map(({ name, cause }) => [name, cause]),
    [["server", "killed"]],
  );
});

test("@message: all messages count where no call is named, over all incarnations", async (t) => {
  // The client asks for the version first, each time that it connects; then it puts and gets.
  const lab = await play(["kill:server@message:2", "kill:server@message:6"]);
  t.equal(lab.deaths.length, 2);
  t.deepEqual(putIn(lab), oneToLast(), "never in the middle of a put");
});

test("every kind strikes there: the task's next step is the fault", async (t) => {
  const kinds = ["throw", "memory", "hold=100ms", "slow=5ms,50ms", "lost-wakeups"];
  const plan = kinds.map((kind, index) => `${kind}:server@message:put#${10 * (index + 1)}`);
  const lab = await play(plan);
  t.deepEqual(lab.strikes.sort(), plan.map((fault) => `${fault}: server`).sort());
  t.deepEqual(
    lab.deaths.map(({ cause }) => cause),
    ["throw", "memory"],
  );
  t.deepEqual(putIn(lab), oneToLast());
  const took = Number(/took (\d+)/.exec(lab.said("client")[29]!)![1]);
  t.ok(took >= 90, `the put that was held took ${took} ms`);
});

test("a fault that is taken out of the plan does not strike", async (t) => {
  const plan = ["kill:server@message:put#50"];
  const lab = await Lab.open({ server: SERVER, client: CLIENT }, { plan, isTraced: true });
  t.ok(lab.faults.remove(lab.faults.rules[0]!.id));
  await lab.until(() => lab.said("client").length === ROUNDS);
  await lab.system.stop();
  t.deepEqual([lab.deaths, lab.strikes], [[], []]);
});
