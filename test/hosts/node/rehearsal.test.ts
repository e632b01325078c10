/**
 * The rehearsal of a thread that stands by.
 */
import test from "tape";
import { use } from "../../../src/arena/vm.js";
import { getpid } from "../../../src/kernel/task/current-task.js";
import { rehearse } from "../../../hosts/node/host/rehearsal.js";

test("rehearse: leaves the thread attached to nothing", (t) => {
  const before = globalThis.$vm;
  rehearse();
  t.equal(globalThis.$vm, undefined);
  t.throws(() => getpid(), /does not run in a Reattach task/, "and calls throw");
  t.doesNotThrow(() => rehearse(), "it can be done again");
  // Other tests of this process go on with theirs.
  if (before !== undefined) use(before);
  t.end();
});
