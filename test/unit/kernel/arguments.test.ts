/**
 * Arguments of the wrong type where a buffer is meant: an errno, as everywhere, and no throw. Found
 * by test/hostile.
 */
import test from "tape";
import { EFAULT } from "../../../src/kernel/errno.js";
import { createEvent, packEvent, unpackEvent } from "../../../src/kernel/message/event.js";
import { readPulse } from "../../../src/kernel/pulse/pulse.js";
import { createPulse } from "../../../src/arena/records.js";
import { stableCommit, stableRead } from "../../../src/kernel/stable.js";
import { as, Bench } from "./vms.js";

const WRONG: readonly unknown[] = [undefined, 4, "text", [1, 2], {}, new Int8Array(40)];

test("readPulse, packEvent, unpackEvent, stableRead: -EFAULT for what is no Uint8Array", (t) => {
  const task = new Bench({ stableBytes: 8 }).start(1);
  as(task, () => {
    for (const wrong of [...WRONG, null] as Uint8Array[]) {
      t.equal(readPulse(wrong, createPulse()), -EFAULT, `readPulse: ${typeof wrong}`);
      t.equal(packEvent(createEvent(), wrong, 0), -EFAULT, "packEvent");
      t.equal(unpackEvent(createEvent(), wrong, 0), -EFAULT, "unpackEvent");
      if (wrong !== null) t.equal(stableRead(wrong), -EFAULT, "stableRead");
    }
  });
  t.end();
});

test("stableCommit, stableRead: null holds nothing and has no room", (t) => {
  const task = new Bench({ stableBytes: 8 }).start(1);
  as(task, () => {
    t.equal(stableCommit(new Uint8Array(3), 3), 0, "three bytes are committed");
    t.equal(stableRead(null), 3, "and counted");
    t.equal(stableCommit(null, 0), 0, "then none");
    t.equal(stableRead(null), 0, "and that is counted too");
  });
  t.end();
});
