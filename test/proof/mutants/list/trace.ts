/**
 * Bugs in the trace of messages: its rings, and who reads them.
 */
import type { Mutant } from "../mutant.js";

const IN_C = "hosts/moddable/native/record.h";
const READER = "src/kernel/trace/entry.ts";
const RECORD = "src/kernel/trace/record.ts";
const RECORDER = "src/kernel/trace/recorder.ts";

export const MUTANTS: readonly Mutant[] = [
  {
    name: "a record keeps the stamp of the one that it is written over",
    file: RECORD,
    find: "  store(ring, at, 0);\n",
    replace: "",
    breaks: [],
  },
  {
    name: "a record is stamped before it is written",
    file: RECORD,
    find: "  store(ring, at, 0);\n",
    replace: "  store(ring, at, number);\n",
    breaks: [],
  },
  {
    name: "a record is counted when it is finished",
    file: RECORD,
    find: `  store(ring, R.RING_LAST, number);
  store(ring, at, 0);
  store(ring, at + R.RECORD_TIME, now | 0);
  store(ring, at + R.RECORD_WHAT, what);
  store(ring, at + R.RECORD_MESSAGE, message);
  store(ring, at, number);
`,
    replace: `  store(ring, at, 0);
  store(ring, at + R.RECORD_TIME, now | 0);
  store(ring, at + R.RECORD_WHAT, what);
  store(ring, at + R.RECORD_MESSAGE, message);
  store(ring, at, number);
  store(ring, R.RING_LAST, number);
`,
    breaks: [],
  },
  {
    name: "the high part of the time is noted before the record that tells of it",
    file: RECORD,
    find: "  write(ring, now, R.KIND_CLOCK | (before << R.VALUE_SHIFT), high);\n  store(ring, R.RING_HIGH, high);\n",
    replace:
      "  store(ring, R.RING_HIGH, high);\n  write(ring, now, R.KIND_CLOCK | (before << R.VALUE_SHIFT), high);\n",
    breaks: [],
  },
  {
    name: "a task goes on recording when its successor may have its ring",
    file: RECORDER,
    find: "  globalThis.$ring = undefined;\n",
    replace: "",
    breaks: [],
  },
  {
    name: "the reader does not look at the stamp again when it has copied",
    file: READER,
    find: "return load(ring, at) === number ? { number, time, what, message } : null;",
    replace: "return { number, time, what, message };",
    breaks: [],
  },
  {
    name: "the reader takes what was overwritten for torn",
    file: READER,
    find: "return (load(this.#ring, R.RING_LAST) - number) >>> 0 >= this.#records;",
    replace: "return false;",
    breaks: [],
  },
  {
    name: "the reader gives up a record that is still being written",
    file: READER,
    find: "} else if (number === last && !isOver) {",
    replace: "} else if (number === last && isOver) {",
    breaks: [],
  },
  {
    name: "after a gap the reader goes on with the high part of the time that it had",
    file: READER,
    find: "lost > 0 ? this.#highOf(taken, high) : this.#high",
    replace: "this.#high",
    breaks: [],
  },
  {
    name: "C: a record keeps the stamp of the one that it is written over",
    file: IN_C,
    find: "	storeOwn(at, 0);\n",
    replace: "",
    breaks: [],
  },
  {
    name: "C: the high part of the time is noted before the record that tells of it",
    file: IN_C,
    find: `	writeRecord(ring, now, L_KIND_CLOCK | (int32_t)((uint32_t)before << L_VALUE_SHIFT), high);
	storeOwn(ring->words + L_RING_HIGH, high);
`,
    replace: `	storeOwn(ring->words + L_RING_HIGH, high);
	writeRecord(ring, now, L_KIND_CLOCK | (int32_t)((uint32_t)before << L_VALUE_SHIFT), high);
`,
    breaks: [],
  },
];
