/**
 * Single messages out of records: each step of them with its time, whoever makes no records, dies
 * or sends more than is kept.
 */
import test from "tape";
import type { TraceEntry } from "../../../../src/kernel/trace/entry.js";
import * as R from "../../../../src/kernel/trace/ring.js";
import { MessageLog } from "../../../../hosts/node/trace/messages.js";

const [MAIN, CLIENT, SERVER, OTHER] = [0, 1, 2, 3];
const KEPT = 8_192;

type Step = [place: number, kind: number, time_us: number, more?: Partial<TraceEntry>];

/** The message number n, in its first transmission or a later one. */
const message = (n: number, attempt = 1): number => (n << 3) | (attempt - 1);

function logOf(steps: readonly Step[]): MessageLog {
  const log = new MessageLog(0);
  steps.forEach(([place, kind, time_us, more], i) => {
    const entry = { place, number: i + 1, time_us, kind, peer: 0, value: 0, message: 0 };
    log.tell({ ...entry, ...more });
  });
  return log;
}

const callOf = (client: number, n: number, at_us: number): Step[] => [
  [client, R.KIND_SEND, at_us, { peer: SERVER, value: 8, message: message(n) }],
  [SERVER, R.KIND_RECEIVE, at_us + 2, { peer: client, value: 8, message: message(n) }],
  [SERVER, R.KIND_REPLY, at_us + 5, { peer: client, value: 4, message: message(n) }],
  [client, R.KIND_RETURN, at_us + 7, { value: 3, message: message(n) }],
];

test("messages: each step with its time", (t) => {
  const { messages, total, known_us } = logOf(callOf(CLIENT, 7, 100)).between(0, 200, 10);
  t.equal(total, 1);
  t.equal(known_us, 0);
  t.deepEqual(messages[0], {
    client: CLIENT,
    server: SERVER,
    message: message(7),
    record: 1,
    sent_us: 100,
    received_us: 102,
    replied_us: 105,
    ended_us: 107,
    bytes: 8,
    replyBytes: 4,
    outcome: "returned",
    result: 3,
  });
  t.end();
});

test("messages: one that fails, one that is sent again, one that is under way", (t) => {
  const log = logOf([
    [CLIENT, R.KIND_SEND, 100, { peer: SERVER, value: 8, message: message(7) }],
    [CLIENT, R.KIND_FAIL, 110, { value: 3, message: message(7) }],
    [CLIENT, R.KIND_SEND, 200, { peer: SERVER, value: 8, message: message(7, 2) }],
    [SERVER, R.KIND_RECEIVE, 210, { peer: CLIENT, value: 8, message: message(7, 2) }],
  ]);
  const told = log.between(0, 1_000, 10).messages.map(({ outcome, result }) => [outcome, result]);
  t.deepEqual(told, [
    ["failed", 3],
    ["open", 0],
  ]);
  t.equal(log.between(1e9, 2e9, 10).total, 1, "what is under way is in every later span");
  t.end();
});

test("messages: a client that dies has no message under way", (t) => {
  const sent: Step = [CLIENT, R.KIND_SEND, 100, { peer: SERVER, message: message(7) }];
  const killed = logOf([sent]);
  killed.died(CLIENT, 150);
  const again = logOf([sent, [CLIENT, R.KIND_START, 150, { peer: CLIENT, message: 513 }]]);
  for (const log of [killed, again]) {
    const [first] = log.between(0, 1_000, 10).messages;
    t.deepEqual([first?.outcome, first?.ended_us], ["died", 150]);
    t.equal(log.between(151, 1_000, 10).total, 0);
  }
  t.end();
});

test("messages: of the main VM, which makes no records, its server tells", (t) => {
  const log = logOf([
    [SERVER, R.KIND_RECEIVE, 100, { peer: MAIN, value: 8, message: message(1) }],
    [SERVER, R.KIND_REPLY, 120, { peer: MAIN, value: 4, message: message(1) }],
    [SERVER, R.KIND_RECEIVE, 200, { peer: MAIN, value: 8, message: message(2) }],
    [SERVER, R.KIND_ERROR, 220, { peer: MAIN, value: 22, message: message(2) }],
  ]);
  const told = log.between(0, 1_000, 10).messages;
  t.deepEqual(
    told.map(({ sent_us, received_us, replied_us, outcome, result }) => {
      return [sent_us, received_us, replied_us, outcome, result];
    }),
    [
      [NaN, 100, 120, "returned", NaN],
      [NaN, 200, 220, "failed", 22],
    ],
  );
  t.end();
});

test("messages: a span has those that touch it, in their order, and says how many", (t) => {
  const steps = [1, 2, 3, 4].flatMap((n) => callOf(CLIENT, n, n * 100));
  const others = [1, 2, 3, 4].flatMap((n) => callOf(OTHER, n, n * 100 + 50));
  const log = logOf([...steps, ...others].sort((a, b) => a[2] - b[2]));
  const beginsOf = (from_us: number, to_us: number, max = 10): number[] =>
    log.between(from_us, to_us, max).messages.map(({ sent_us }) => sent_us);
  t.deepEqual(beginsOf(200, 350), [200, 250, 300, 350]);
  t.deepEqual(beginsOf(207, 349), [200, 250, 300], "one that ends as it begins");
  t.deepEqual(beginsOf(208, 299), [250]);
  t.deepEqual(beginsOf(208, 249), [], "between two");
  t.deepEqual(beginsOf(0, 1_000, 3), [100, 150, 200], "the first");
  t.equal(log.between(0, 1_000, 3).total, 8);
  t.end();
});

test("messages: a flood pushes out its own, and says from when on all are known", (t) => {
  const log = new MessageLog(0);
  const tell = (steps: readonly Step[]): void =>
    steps.forEach(([place, kind, time_us, more]) =>
      log.tell({ place, number: 1, time_us, kind, peer: 0, value: 0, message: 0, ...more }),
    );
  tell(callOf(OTHER, 1, 5));
  for (let n = 1; n <= KEPT + 100; n++) tell(callOf(CLIENT, n, n * 10));
  const { total, messages, known_us } = log.between(0, 1e9, 3);
  t.equal(total, KEPT + 1);
  t.deepEqual(
    messages.map(({ client, sent_us }) => [client, sent_us]),
    [
      [OTHER, 5],
      [CLIENT, 1_010],
      [CLIENT, 1_020],
    ],
  );
  t.equal(known_us, 1_010);
  log.gap(90_000);
  t.equal(log.between(0, 1e9, 1).known_us, 90_000, "or records were lost");
  t.end();
});
