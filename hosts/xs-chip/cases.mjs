/** What only a chip does: tasks are deleted wherever they are, stacks and flash have guards. */

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

/** @type {readonly import("../xs-test/selftest/run.mjs").Case[]} */
export const chipCases = [
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
    title: "guard: a task whose native stack is full ends the run, 95, with its name and pc",
    files: {
      "main.mjs": main(`new Worker("$DIR/small", { nativeStack: 1024 });`),
      "small.mjs": `trace("never\\n");`,
    },
    code: 95,
    stderr: /xs-chip: task small: the native stack is full, at pc 0x8[0-9a-f]+, ra 0x8/,
  },
  {
    title: "guard: a write to flash is a fault, 98, with the task and its pc",
    files: { "main.mjs": `trace("never\\n");` },
    args: ["--machine-writes-flash"],
    code: 98,
    stderr: /^xs-chip: task main: fault 7 at pc 0x8[0-9a-f]+, ra 0x8[0-9a-f]+, value 0x8/,
  },
  {
    title: "RAM: what does not fit ends the run, and not the emulator",
    files: { "main.mjs": main(`new Worker("$DIR/w", { static: 100_000_000 });`), "w.mjs": `` },
    code: 42,
    stderr: /no memory for task/,
  },
];
