/**
 * Who is rung when a name is registered: the main VM, and those who wait.
 */
import test from "tape";
import * as L from "../../../../src/arena/layout.js";
import { reportDeath } from "../../../../src/kernel/death/death.js";
import { name_attach } from "../../../../src/kernel/name/name.js";
import { beginWait, endWait } from "../../../../src/kernel/task/waiters.js";
import { as, Bench, own } from "../vms.js";

/** Who of these has been rung by `act`. */
function rungBy(tasks: readonly { readonly own: Int32Array }[], act: () => void): boolean[] {
  const before = tasks.map((task) => task.own[L.TASK_BELL]);
  act();
  return tasks.map((task, i) => task.own[L.TASK_BELL] !== before[i]);
}

test("name_attach: rings the main VM and those who wait for a name, and nobody else", (t) => {
  const bench = new Bench();
  const [server, waiter, other] = [bench.start(1), bench.start(2), bench.start(3)];
  const all = [bench.main, server, waiter, other];
  const attach = (name: string): void => void as(server, () => name_attach(null, name, 0));
  as(waiter, beginWait);
  t.deepEqual(
    rungBy(all, () => attach("a")),
    [true, false, true, false],
    "main and the one that waits",
  );
  as(waiter, endWait);
  t.deepEqual(
    rungBy(all, () => attach("b")),
    [true, false, false, false],
    "it waits no more",
  );
  t.end();
});

test("name_attach: rings no task that has died while it waited, nor the next in its place", (t) => {
  const bench = new Bench();
  const server = bench.start(1);
  const waiter = bench.start(2);
  as(waiter, beginWait);
  as(bench.main, () => reportDeath(waiter.pid));
  const bell = own(waiter, L.TASK_BELL);
  as(server, () => name_attach(null, "a", 0));
  t.equal(own(waiter, L.TASK_BELL), bell, "the dead");
  const next = bench.start(2);
  as(server, () => name_attach(null, "b", 0));
  t.equal(own(next, L.TASK_BELL), bell, "the next, which does not wait");
  t.end();
});
