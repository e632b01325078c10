/**
 * sendAsync: that the main VM's host comes to look after it.
 */
import test from "tape";
import * as L from "../../../src/arena/layout.js";
import { EBUSY } from "../../../src/kernel/errno.js";
import { as, Bench, connect, own, post } from "../kernel/vms.js";

test("sendAsync: raises the main VM's doorbell, so that its host looks at the outbox", (t) => {
  const bench = new Bench();
  const { main } = bench;
  const { coid } = connect(bench.start(1), main);
  const bell = own(main, L.TASK_BELL);
  post(main, coid);
  t.notEqual(own(main, L.TASK_BELL), bell, "a send");
  const after = own(main, L.TASK_BELL);
  t.equal(as(main, () => post(main, coid)).error, -EBUSY, "one is under way");
  t.equal(own(main, L.TASK_BELL), after, "nothing was begun");
  t.end();
});
