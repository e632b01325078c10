/**
 * The arena: made once, adopted by every other VM, refused when it is of another build.
 */
import test from "tape";
import { attachArena, layoutIn } from "../../../src/arena/arena.js";
import * as L from "../../../src/arena/layout.js";
import { getpid, getprio, systemLimits } from "../../../src/kernel/task/current-task.js";
import { as, Bench, createTestPort } from "../kernel/vms.js";

/** What another build, or a damaged arena, may have in its header, and the words of the error. */
const FOREIGN: readonly (readonly [string, number, number, RegExp])[] = [
  ["another magic", L.HEAD_MAGIC, 7, /found magic 7, allowed is/],
  ["another size than its own", L.HEAD_BYTES, 9, /found \d+ bytes, allowed are \d+/],
];

test("attachArena: reads the limits that createArena was given", (t) => {
  const limits = { tasks: 3, channels: 5, messageBytes: 77, sharedBuffers: 2, sharedBytes: 30 };
  const bench = new Bench(limits);
  const task = bench.start(3, 17);
  t.deepEqual(layoutIn(task.words), layoutIn(bench.main.words), "the same layout");
  as(task, () => {
    t.equal(getpid(), task.pid, "getpid");
    t.equal(getprio(), 17, "getprio");
    t.equal(systemLimits().messageBytes, 77, "systemLimits");
    t.ok(Object.isFrozen(systemLimits()), "which nobody can change");
  });
  as(bench.main, () => t.equal(getprio(), 1, "the main VM has the lowest priority"));
  t.equal(task.sharedViews.length, 2, "two shared buffers");
  t.equal(task.sharedViews[1]?.length, 30, "of 30 bytes");
  t.end();
});

for (const [what, word, value, text] of FOREIGN) {
  test(`attachArena: throws for ${what}`, (t) => {
    const { main } = new Bench();
    main.words[word] = value;
    const arena = main.words.buffer as SharedArrayBuffer;
    t.throws(() => attachArena(arena, createTestPort(true), 513), text, "says what it found");
    t.end();
  });
}

test("createArena: the main VM is alive in place 0; every other place is free", (t) => {
  const { main } = new Bench({ tasks: 4 });
  const { words } = main;
  const layout = layoutIn(words);
  t.equal(words.length * L.WORD_BYTES, layout.totalBytes, "as large as its layout");
  t.equal(main.pid, 512, "pid of the main VM: place 0, first generation");
  for (let index = 0; index <= 4; index++) {
    const life = words[layout.tasksAt + index * L.TASK_WORDS + L.TASK_LIFE]! & L.LIFE_MASK;
    t.equal(life, index === 0 ? L.LIFE_ALIVE : L.LIFE_FREE, `place ${index}`);
  }
  t.end();
});
