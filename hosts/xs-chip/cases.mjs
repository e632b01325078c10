/** What only a chip does: tasks are deleted wherever they are, stacks and flash have guards. */
import { CHIPS } from "./chips.mjs";

const main = (body) => `import Worker from "worker"; import Timer from "timer";\n${body}`;

/** For a worker: each begins a little later than the one before it, in a tick. */
const later = `for (let n = 3 * words[1]; n > 0; n--);`;
/** Starts workers of the lowest priority one after the other, and terminates each soon after. */
const terminateSoon = (count) =>
  main(`const words = new Int32Array(new SharedArrayBuffer(16));
    for (let i = 0; i < ${count}; i++) {
      const w = new Worker("$DIR/w", { priority: 1 });
      words[1] = i;
      w.postMessage(words);
      Timer.delay(2 + i % 5);
      w.terminate();
    }
    trace("all ended\\n");`);

/** What a chip says on stderr of a fault, as part of a regular expression. */
const FAULTS = {
  rv32imac: {
    stackFull: "the native stack is full, at pc 0x8[0-9a-f]+, ra 0x8",
    flash: "fault 7 at pc 0x8[0-9a-f]+, ra 0x8[0-9a-f]+, value 0x8",
    null: "fault 5 at pc 0x8[0-9a-f]+, ra 0x8[0-9a-f]+, value 0$",
  },
  "cortex-m3": {
    stackFull: "the native stack is full, (at|near) pc 0x[0-9a-f]{4,5}, ",
    flash: "fault 0x82 at pc 0x[0-9a-f]{4,5}, lr 0x[0-9a-f]+, value 0x21",
    null: "fault 0x82 at pc 0x[0-9a-f]{4,5}, lr 0x[0-9a-f]+, value 0$",
  },
};

const told = (task, fault) => new RegExp(`^xs-chip: task ${task}: ${fault}`, "m");

/** @typedef {import("../xs-test/selftest/run.mjs").Case} Case */

/** @type {Case} */
const misaligned = {
  title: "guard: a misaligned access is a fault, 98, with the task and its pc",
  files: { "main.mjs": `trace("never\\n");` },
  args: ["--machine-reads-odd"],
  code: 98,
  stderr: told("main", "fault 0x1000000 at pc 0x[0-9a-f]{4,5}, lr 0x[0-9a-f]+, value 0$"),
};

/**
 * The cases of a chip.
 *
 * @param {import("./chips.mjs").ChipName} chip
 * @returns {readonly Case[]}
 */
export function casesOf(chip) {
  const { stackFull, flash, null: nullFault } = FAULTS[chip];
  const { clock_kHz } = CHIPS[chip];
  return [
    ...common,
    {
      title: "guard: a task whose native stack is full ends the run, 95, with its name and pc",
      files: {
        "main.mjs": main(`new Worker("$DIR/small", { nativeStack: 1024 });`),
        "small.mjs": `trace("never\\n");`,
      },
      code: 95,
      stderr: told("small", stackFull),
    },
    {
      title: "guard: a write to flash is a fault, 98, with the task and its pc",
      files: { "main.mjs": `trace("never\\n");` },
      args: ["--machine-writes-flash"],
      code: 98,
      stderr: told("main", flash),
    },
    {
      title: "guard: --machine-writes-flash=ms: a thread does, when main has run for so long",
      files: { "main.mjs": main(`Timer.delay(50); trace("ran\\n"); Timer.delay(1e6);`) },
      args: ["--machine-writes-flash=100"],
      code: 98,
      stdout: "ran\n",
      stderr: told("writer", flash),
    },
    {
      title: "guard: what reads by a null pointer faults, 98",
      files: { "main.mjs": `trace("never\\n");` },
      args: ["--machine-reads-null"],
      code: 98,
      stderr: told("main", nullFault),
    },
    ...(chip === "cortex-m3" ? [misaligned] : []),
    {
      title: "options: --machine-tick: a millisecond with more instructions, as long as any other",
      files: {
        "main.mjs": main(`import Time from "time";
          const start = Time.ticks;
          Timer.delay(1000);
          const ms = Time.delta(start);
          trace(ms >= 999 && ms <= 1001, "\\n");`),
      },
      args: [`--machine-tick=${clock_kHz * 1.28}`],
      stdout: "true\n",
    },
    {
      title: "options: --machine-tick is refused where the emulator has a better clock",
      files: { "main.mjs": `trace("never\\n");` },
      args: [`--machine-tick=${clock_kHz * 3}`],
      code: 96,
      stderr: told(
        "linker",
        `--machine-tick=${clock_kHz * 3}: from ${clock_kHz / 2} to ${clock_kHz * 2}$`,
      ),
    },
    {
      title: "options: --machine-ram is refused where it is less than what is in use",
      files: { "main.mjs": `trace("never\\n");` },
      args: ["--machine-ram=4096"],
      code: 2,
      stderr: /--machine-ram=4096: above what is in use at the start, and at most \d+$/m,
    },
  ];
}

/** @type {readonly Case[]} */
const common = [
  {
    title: "terminate: a worker that computes is deleted wherever it is",
    files: {
      "main.mjs": terminateSoon(20),
      "w.mjs": `self.onmessage = (words) => { for (let n = 0; ; n++) words[0] = n; };`,
    },
    stdout: "all ended\n",
  },
  {
    title: "terminate: a worker inside C is deleted at once, and does not come to its end",
    files: {
      "main.mjs": main(`import Time from "time";
        const w = new Worker("$DIR/w", { priority: 1 });
        w.postMessage(0);
        Timer.delay(100);
        const start = Time.ticks;
        w.terminate();
        trace(Time.delta(start) < 5, "\\n");`),
      "w.mjs": `self.onmessage = () => { new Float64Array(1 << 16).fill(7).sort((a, b) => a - b);
        new Float64Array(1 << 16).sort(); trace("came to its end\\n"); };`,
    },
    stdout: "true\n",
  },
  {
    title: "terminate: a worker that holds the lock of all waiters ends the run, 44",
    files: {
      "main.mjs": terminateSoon(400),
      "w.mjs": `self.onmessage = (words) => { ${later} for (;;) Atomics.notify(words, 0, 1); };`,
    },
    code: 44,
    stderr: /terminate: .*\/w held a lock: whoever takes it waits for ever/,
  },
  {
    title: "terminate: a worker that holds the lock of a SharedArrayBuffer ends the run, 44",
    files: {
      "main.mjs": terminateSoon(400),
      "w.mjs": `self.onmessage = (words) => { ${later} for (;;) Atomics.add(words, 0, 1); };`,
    },
    args: ["--locked-atomics"],
    code: 44,
    stderr: /terminate: .*\/w held a lock: whoever takes it waits for ever/,
  },
  {
    title: "terminate: a worker in Timer.delay is deleted, and its memory comes back",
    files: {
      "main.mjs": main(`for (let i = 0; i < 100; i++) {
          const w = new Worker("$DIR/w", { static: 1_000_000 });
          w.postMessage(0);
          Timer.delay(2);
          w.terminate();
        }
        trace("all ended\\n");`),
      "w.mjs": `import Timer from "timer"; self.onmessage = () => Timer.delay(1e8);`,
    },
    stdout: "all ended\n",
  },
  {
    title: "priority: a worker of a higher one runs first, and one of main's priority never waits",
    files: {
      "main.mjs": main(`const words = new Int32Array(new SharedArrayBuffer(16));
        for (const priority of [1, 3]) {
          const w = new Worker("$DIR/w", { priority });
          w.postMessage({ words, at: priority });
        }
        Timer.set(() => { trace(words[3] > 100 && words[1] === 0, "\\n"); throw 0; }, 100);
        globalThis.abort = () => true;`),
      "w.mjs": `self.onmessage = ({ words, at }) => { for (;;) Atomics.add(words, at, 1); };`,
    },
    code: 42,
    stdout: "true\n",
    stderr: /unhandled exception/,
  },
  {
    title: "options: --machine-end: a run that goes on for ever ends at this time",
    files: {
      "main.mjs": main(`import Time from "time";
        const start = Time.ticks;
        Timer.repeat(() => trace(Time.delta(start) < 300, "\\n"), 100);`),
    },
    args: ["--machine-end=250"],
    stdout: "true\ntrue\n",
  },
  {
    title: "options: --machine-end: the accounts are told then too",
    files: { "main.mjs": main(`Timer.delay(1e6);`) },
    args: ["--machine-end=250", "--machine-accounts"],
    stderr: /^(machine: \{"account":.*\n)+machine: \{"idle":.*\n$/m,
  },
  {
    title: "options: --machine-stop: a run ends when there is such a file",
    files: { "main.mjs": main(`Timer.delay(200); trace("never\\n");`) },
    args: ["--machine-stop=$DIR/main.mjs"],
  },
  {
    title: "options: --machine-accounts: what a thread has is its own, until it is freed",
    files: {
      "main.mjs": main(`const w = new Worker("$DIR/w", { static: 1_000_000 });
        Timer.delay(100);
        w.terminate();`),
      "w.mjs": ``,
    },
    args: ["--machine-accounts"],
    stderr: new RegExp(
      '"account":"w","standsBy":false,"starts":1,"stack":\\d+,"stackBytes":131072,' +
        '"block":1000000,"ramBytes":1[12]\\d{5},',
    ),
  },
  {
    title: "time: four minutes of sleep are as long by the clock as by ticks",
    files: {
      "main.mjs": main(`import Time from "time";
        const start = Time.ticks;
        Timer.delay(240_000);
        trace(Math.abs(Time.delta(start) - 240_000) <= 1, "\\n");`),
    },
    stdout: "true\n",
  },
  {
    title: "RAM: what does not fit ends the run, and not the emulator",
    files: { "main.mjs": main(`new Worker("$DIR/w", { static: 100_000_000 });`), "w.mjs": `` },
    code: 42,
    stderr: /no memory for task/,
  },
];
