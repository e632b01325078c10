/**
 * Ledger: bad sizes, and a commit that does not come to its end.
 */
import test from "tape";
import { Ledger, ledgerBytes } from "../../../src/ha/ledger.js";
import { ENOMEM, ESRCH } from "../../../src/kernel/errno.js";
import * as L from "../../../src/arena/layout.js";
import { createMsgInfo } from "../../../src/arena/records.js";
import { stableCommit, stableRead } from "../../../src/kernel/stable.js";
import { as, Bench, portOf } from "../kernel/vms.js";

const SIZES = { stateBytes: 8, clients: 1 };

test("Ledger: throws for what is no size, and says what it needs", (t) => {
  const task = new Bench({ stableBytes: 32 }).start(1);
  as(task, () => {
    t.equal(ledgerBytes(SIZES), 28, "ledgerBytes");
    t.equal(ledgerBytes({ ...SIZES, replyBytes: 5, clients: 3 }), 8 + 3 * 28, "with replies");
    const bad = [
      { ...SIZES, stateBytes: -1 },
      { ...SIZES, replyBytes: NaN },
      { ...SIZES, clients: 0 },
    ];
    for (const each of bad)
      t.throws(() => new Ledger(each), /whole numbers from 0 on, clients from 1 on/);
    const large = { ...SIZES, clients: 2 };
    t.throws(() => new Ledger(large), /needs stableBytes of 48, found 32/, "no room");
    t.equal(new Ledger(SIZES).isRestored, false, "the first one");
    stableCommit(new Uint8Array(12), 12);
    t.throws(() => new Ledger(SIZES), /found 12 stable bytes of another ledger, not 28/);
  });
  t.end();
});

test("Ledger: a message is known again by its client and its whole number", (t) => {
  const bench = new Bench({ stableBytes: 64 });
  const server = bench.start(1);
  const client = bench.start(2);
  const info = { ...createMsgInfo(), pid: client.pid, number: 5 };
  as(server, () => {
    const ledger = new Ledger({ stateBytes: 4, clients: 1 });
    t.equal(ledger.answers(0, info), false, "a new one");
    // Nobody waits; the ledger keeps the answer all the same.
    ledger.reply(0, info, 0, null, 0);
    t.equal(ledger.answers(0, info), true, "again");
    t.equal(ledger.answers(0, { ...info, number: 6 }), false, "the next one");
    t.equal(ledger.answers(0, { ...info, number: 5 + L.SEQ_LOW_RANGE }), false, "a later one");
    t.equal(ledger.answers(0, { ...info, pid: server.pid }), false, "another client's");
  });
  t.end();
});

test("Ledger: -ENOMEM while all its clients live; a dead one's record is free", (t) => {
  const bench = new Bench({ stableBytes: 64 });
  const server = bench.start(1);
  const [first, second] = [bench.start(2), bench.start(3)];
  const ledger = as(server, () => new Ledger({ stateBytes: 4, clients: 1 }));
  const answer = (pid: number): number =>
    as(server, () => ledger.reply(0, { ...createMsgInfo(), pid, number: 1 }, 0, null, 0));
  t.equal(answer(first.pid), -ESRCH, "kept; nobody waits");
  t.equal(answer(second.pid), -ENOMEM, "no record");
  bench.bury(first);
  t.equal(answer(second.pid), -ESRCH, "kept");
  t.end();
});

test("stableCommit: a task that dies in it leaves what was committed before", (t) => {
  const bench = new Bench({ stableBytes: 16 });
  const task = bench.start(1);
  const found = new Uint8Array(16);
  as(task, () => {
    for (let round = 1; round <= 5; round++) {
      stableCommit(new Uint8Array(16).fill(round), 16);
      portOf(task).atCopy = () => {
        throw new Error("killed");
      };
      t.throws(() => stableCommit(new Uint8Array(16).fill(99), 16), /killed/, "written, not told");
      t.equal(stableRead(found), 16, "there is something");
      t.deepEqual(found, new Uint8Array(16).fill(round), `round ${round}: the last commit`);
    }
  });
  t.end();
});

test("stableCommit: the count of commits starts again, and still chooses the right copy", (t) => {
  const task = new Bench({ stableBytes: 4 }).start(1);
  const found = new Uint8Array(4);
  as(task, () => {
    let wrong = 0;
    for (let i = 0; i < 40_000; i++) {
      stableCommit(Uint8Array.of(i, i >> 8, 0, 0), 4);
      stableRead(found);
      if (found[0]! + 256 * found[1]! !== i) wrong++;
    }
    t.equal(wrong, 0, "after 40,000 commits of a count of 15 bits");
  });
  t.end();
});

test("ledger: its room is the task's own", (t) => {
  const bench = new Bench({ stableBytes: 0, stableBytesOf: [0, 64] });
  const options = { stateBytes: 8, clients: 1 };
  as(bench.start(1), () => t.throws(() => new Ledger(options), /found 0/, "none"));
  as(bench.start(2), () => t.ok(new Ledger(options), "64 bytes"));
  t.end();
});
