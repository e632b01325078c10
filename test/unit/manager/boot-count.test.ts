/**
 * Restarts in a row, whoever caused them: who is held, and what a boot writes.
 */
import * as fc from "fast-check";
import test from "tape";
import {
  BootCount,
  type BootMemory,
  decodeRecord,
  encodeRecord,
  NOBODY,
  RECORD_CHARS_MAX,
  UNKNOWN,
} from "../../../src/manager/boot-count.js";
import { DEFAULT_BOARD } from "../../../src/manager/supervise/policy.js";
import { check, seeded } from "../kernel/seed.js";

const TASKS = [
  { name: "sensor", essential: false },
  { name: "logger", essential: false },
  { name: "network", essential: true },
];
const POLICY = { ...DEFAULT_BOARD, rebootsMax: 3, settled_ms: 1_000 };

class FakeMemory implements BootMemory {
  readonly writesMax: number;
  text: string | undefined;
  /** In this boot. */
  writes = 0;

  constructor(writesMax = Infinity) {
    this.writesMax = writesMax;
  }

  read(): string | undefined {
    return this.text;
  }

  write(text: string): void {
    this.text = text;
    this.writes++;
  }
}

/** The board boots, at the time 0 of its clock. */
function boot(memory: FakeMemory, policy = POLICY): BootCount {
  memory.writes = 0;
  const boots = new BootCount(memory, policy);
  boots.begin(0);
  return boots;
}

test("boot count: a crash that nobody announced is counted", (t) => {
  const memory = new FakeMemory();
  for (const count of [0, 1, 2, 3, 4]) t.equal(boot(memory).count, count, `boot ${count}`);
  t.equal(boot(memory).reason, "", "nobody could say why");
  t.end();
});

test("boot count: a board that has run for a while begins a new row", (t) => {
  const memory = new FakeMemory();
  boot(memory);
  const boots = boot(memory);
  t.equal(boots.poll(999), false, "not yet");
  t.equal(boots.count, 1);
  t.equal(boots.poll(1_000), true, "now");
  t.equal(boots.poll(1_001), false, "once");
  t.equal(boots.count, 0);
  t.equal(boot(memory).count, 0, "and the next boot is the first");
  t.end();
});

test("boot count: the restart of a board that has run for a while is the first in a row", (t) => {
  const memory = new FakeMemory();
  boot(memory);
  boot(memory).keep("a new version", NOBODY, 1_000);
  const boots = boot(memory);
  t.equal(boots.count, 1);
  t.equal(boots.reason, "a new version");
  t.end();
});

test("boot count: at rebootsMax the culprit is held, if he is known", (t) => {
  const memory = new FakeMemory();
  for (let i = 0; i < 3; i++) {
    const boots = boot(memory);
    t.deepEqual(boots.namesHeld(TASKS), [], `restart ${i}: nobody`);
    boots.keep("task sensor did not leave", "sensor", 10);
  }
  t.deepEqual(boot(memory).namesHeld(TASKS), ["sensor"]);
  t.end();
});

test("boot count: at rebootsMax all that are not essential are held, if nobody knows", (t) => {
  const memory = new FakeMemory();
  for (let i = 0; i < 3; i++) t.deepEqual(boot(memory).namesHeld(TASKS), [], `restart ${i}`);
  t.deepEqual(boot(memory).namesHeld(TASKS), ["sensor", "logger"]);
  t.end();
});

test("boot count: who was held stays held while the row goes on", (t) => {
  const memory = new FakeMemory();
  const policy = { ...POLICY, rebootsMax: 1 };
  boot(memory, policy).keep("", "sensor", 10);
  t.deepEqual(boot(memory, policy).namesHeld(TASKS), ["sensor"]);
  boot(memory, policy).keep("", "network", 10);
  t.deepEqual(
    boot(memory, policy).namesHeld(TASKS),
    ["sensor", "logger", "network"],
    "and who came",
  );
  const boots = boot(memory, policy);
  boots.poll(1_000);
  t.deepEqual(boot(memory, policy).namesHeld(TASKS), [], "no longer");
  t.end();
});

test("boot count: who is released is not held at the next boot of the row", (t) => {
  const memory = new FakeMemory();
  const policy = { ...POLICY, rebootsMax: 1 };
  boot(memory, policy);
  const boots = boot(memory, policy);
  boots.release("sensor", TASKS);
  boots.keep("ordered", NOBODY, 10);
  t.deepEqual(boot(memory, policy).namesHeld(TASKS), ["logger"]);
  t.end();
});

test("boot count: an ordered restart is counted, and nobody is held for it", (t) => {
  const memory = new FakeMemory();
  for (let i = 0; i < 5; i++) boot(memory).keep("ordered", NOBODY, 10);
  const boots = boot(memory);
  t.equal(boots.count, 5);
  t.deepEqual(boots.namesHeld(TASKS), []);
  t.end();
});

test("boot count: with rebootsMax 0 the first boot holds nobody, and the next does", (t) => {
  const memory = new FakeMemory();
  const policy = { ...POLICY, rebootsMax: 0 };
  t.deepEqual(boot(memory, policy).namesHeld(TASKS), []);
  t.deepEqual(boot(memory, policy).namesHeld(TASKS), ["sensor", "logger"]);
  t.end();
});

test("boot count: what a guardian leaves counts like what is kept", (t) => {
  const memory = new FakeMemory();
  const stalled = "the main VM stood still";
  memory.text = boot(memory).recordIf(stalled, UNKNOWN);
  const boots = boot(memory);
  t.equal(boots.count, 1);
  t.equal(boots.reason, stalled);
  t.end();
});

test("boot count: flash is written twice a boot at most", (t) => {
  const memory = new FakeMemory(2);
  let boots = boot(memory);
  t.equal(memory.writes, 1, "the mark");
  boots.poll(1_000);
  t.equal(memory.writes, 2, "is taken back");
  t.equal(boots.recordIf("stalled", UNKNOWN), "", "nothing is left for the guardian");
  boots.keep("why", NOBODY, 2_000);
  t.equal(memory.writes, 2, "and no reason is kept");
  boots = boot(memory);
  boots.keep("why", NOBODY, 2_000);
  t.equal(memory.writes, 2, "one for both: that it ran well, and why it restarts");
  boots = boot(memory);
  t.equal(boots.reason, "why");
  t.equal(boots.count, 1);
  t.end();
});

const name = fc.string({ unit: fc.constantFrom(..."az09_-"), minLength: 1, maxLength: 31 });
const record = fc.record({
  count: fc.integer({ min: 1, max: 1_000_000 }),
  held: fc.uniqueArray(fc.oneof(name, fc.constant("*")), { maxLength: 12 }),
  culprit: fc.oneof(name, fc.constant(UNKNOWN), fc.constant(NOBODY)),
  reason: fc.string({ unit: "binary", maxLength: 300 }),
});

test(seeded("boot record: is short ASCII, and says who is held"), (t) => {
  check(
    fc.property(record, (before) => {
      const text = encodeRecord(before);
      const after = decodeRecord(text);
      const isPlain = [...text].every((letter) => letter >= " " && letter <= "~");
      const isHeld = (each: string): boolean => after.held.includes(each);
      return (
        isPlain &&
        text.length <= RECORD_CHARS_MAX &&
        after.count === before.count &&
        after.culprit === before.culprit &&
        (before.held.every(isHeld) || isHeld("*"))
      );
    }),
  );
  t.pass("all of them");
  t.end();
});

test(seeded("boot record: any text is read, and what is no record is no restart"), (t) => {
  check(
    fc.property(fc.string({ unit: "binary" }), fc.double(), (text, number) => {
      const { count, held } = decodeRecord(`${number}|${text}`);
      return Number.isSafeInteger(count) && count >= 0 && (count > 0 || held.length === 0);
    }),
  );
  t.equal(decodeRecord(undefined).count, 0, "nothing");
  for (const text of ["", "|", "0|||", "-1|||", "1.5|||", "x|||", "1||", "NaN|||"]) {
    t.equal(decodeRecord(text).count, 0, JSON.stringify(text));
  }
  t.end();
});
