/** Atomics.wait: nothing is lost by default, and what an ESP32 loses can be asked for. */

/** Two workers hand a number to and fro; each waits at most `timeout` a time. */
const main = `import Worker from "worker"; import * as xs from "xs";
  const words = new Int32Array(new SharedArrayBuffer(64)), ended = [];
  for (const i of [0, 1]) {
    const w = new Worker("$DIR/w", { static: 16384, chunk: { initial: 1536, incremental: 512 },
      heap: { initial: 128, incremental: 32 }, stack: 96, keys: { initial: 32, incremental: 8 } });
    w.onmessage = (m) => {
      w.terminate(); ended.push(m);
      if (ended.length === 2) report(ended);
    };
    w.postMessage({ i, words });
  }`;
const worker = (rounds, timeout, again) => `import * as xs from "xs";
  let misses = 0, heap = 0;
  function take(w, i, n) {
    while (Atomics.load(w, i) < n) {
      Atomics.store(w, 8 + i, 1);
      const how = Atomics.wait(w, i, n - 1, ${timeout});
      if (how === "timed-out" && Atomics.load(w, i) >= n) misses++;
      Atomics.store(w, 8 + i, 0);
    }
  }
  function give(w, i, n) {
    Atomics.store(w, i, n);
    while (Atomics.notify(w, i, 1) === 0 && ${again} && Atomics.load(w, 8 + i) === 1);
  }
  self.onmessage = ({ i, words }) => {
    const before = xs.slots() + xs.chunkBytes(), collections = xs.collections();
    for (let n = 1; n <= ${rounds}; n++) {
      if (i === 1) take(words, 1, n);
      give(words, 1 - i, n);
      if (i === 0) take(words, 0, n);
    }
    heap = xs.slots() + xs.chunkBytes() - before + xs.collections() - collections;
    self.postMessage({ misses, heap });
  };`;
const report = (text) => `${main}\nfunction report([a, b]) { trace(${text}, "\\n"); }`;
const heap = "a.heap + b.heap";

const waiter = (code) => `self.onmessage = (words) => { ${code} };`;
/** main with one worker that is given four words; prints what it posts. */
const one = `import Worker from "worker"; import * as xs from "xs";
  const words = new Int32Array(new SharedArrayBuffer(16)), w = new Worker("$DIR/w");
  w.onmessage = (m) => { trace(m, "\\n"); w.terminate(); };
  w.postMessage(words);`;

const locking = {
  "main.mjs": `import { locks } from "xs";
    function use(words) {
      const before = locks();
      Atomics.add(words, 0, 1); Atomics.load(words, 0); words[0] = 5; words[0]++;
      return locks() - before;
    }
    trace(use(new Int32Array(new SharedArrayBuffer(4))), " ", use(new Int32Array(1)), "\\n");`,
};

export const waitCases = [
  {
    title: "wait: 50,000 rounds without a bound lose nothing and allocate nothing",
    files: {
      "main.mjs": report(`${heap}, " ", xs.losses(), " ", xs.waits() > 1000`),
      "w.mjs": worker(50_000, "Infinity", false),
    },
    stdout: "0 0 true\n",
  },
  {
    title: "lossy-waits: wake-ups are lost, and a wait without an end to it would hang",
    files: {
      "main.mjs": report(`${heap}, " ", xs.losses() > 0, " ", a.misses + b.misses > 0`),
      "w.mjs": worker(2000, 5, false),
    },
    args: ["--lossy-waits"],
    stdout: "0 true true\n",
  },
  {
    title: "lossy-waits: who notifies again until the waiter is awake loses nothing",
    files: {
      "main.mjs": report(`${heap}, " ", xs.losses() > 0, " ", a.misses + b.misses`),
      // Who notifies uses up its time slice where the waiter has no processor.
      "w.mjs": worker(5_000, "Infinity", true),
    },
    args: ["--lossy-waits=20,4", "--seed=7"],
    stdout: "0 true 0\n",
  },
  {
    title: "lossy-waits: none is lost when none dawdles",
    files: {
      "main.mjs": report("xs.losses()"),
      "w.mjs": worker(2000, 100, true),
    },
    args: ["--lossy-waits=20,1000000000"],
    stdout: "0\n",
  },
  {
    title: "spurious-wakes: ok and timed-out that are not true",
    files: {
      "main.mjs": one,
      "w.mjs": waiter(`const early = { ok: 0, "timed-out": 0 };
        for (let n = 0; n < 60; n++) {
          const start = Date.now(), how = Atomics.wait(words, 0, 0, 50);
          if (Date.now() - start < 25) early[how]++;
        }
        self.postMessage(early.ok > 0 && early["timed-out"] > 0);`),
    },
    args: ["--spurious-wakes=2"],
    stdout: "true\n",
  },
  {
    title: "spurious-wakes: without them a wait lasts as long as it says",
    needs: "fine waits",
    files: {
      "main.mjs": one,
      "w.mjs": waiter(`const start = Date.now(); const how = Atomics.wait(words, 0, 0, 50);
        self.postMessage(how + (Date.now() - start >= 49));`),
    },
    stdout: "timed-outtrue\n",
  },
  {
    title: "wait: not-equal, and a notify with nobody asleep wakes none",
    files: {
      "main.mjs": one,
      "w.mjs": waiter(`self.postMessage(Atomics.wait(words, 0, 1) + Atomics.notify(words, 0));`),
    },
    stdout: "not-equal0\n",
  },
  {
    title: "locked-atomics: Atomics on shared memory take its lock, plain accesses take none",
    files: locking,
    args: ["--locked-atomics"],
    stdout: "2 0\n",
  },
  { title: "atomics: take no lock without that switch", files: locking, stdout: "0 0\n" },
  {
    title: "locked-atomics: a ping-pong loses nothing",
    files: {
      "main.mjs": report(`${heap}, " ", xs.losses()`),
      "w.mjs": worker(20_000, "Infinity", false),
    },
    args: ["--locked-atomics"],
    stdout: "0 0\n",
  },
  {
    title: "main-wait: a wait in main ends the run, 46",
    files: { "main.mjs": `Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 0);` },
    code: 46,
    stderr: /Atomics\.wait in main/,
  },
  {
    title: "main-wait: a value that is not equal is no wait",
    files: {
      "main.mjs": `trace(Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 1, 0), "\\n");`,
    },
    stdout: "not-equal\n",
  },
  {
    title: "main-wait=throw: throws, and other tasks may still wait",
    files: {
      "main.mjs": `try { Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 0); }
        catch (error) { trace(error.message, "\\n"); }\n${one}`,
      "w.mjs": waiter(`self.postMessage(Atomics.wait(words, 0, 0, 1));`),
    },
    args: ["--main-wait=throw"],
    stdout: "main thread cannot wait\ntimed-out\n",
  },
  {
    title: "waitAsync: is there by typeof, and ends the run, 42",
    files: {
      "main.mjs": `trace(typeof Atomics.waitAsync, "\\n");
        Atomics.waitAsync(new Int32Array(new SharedArrayBuffer(4)), 0, 0);`,
    },
    code: 42,
    stdout: "function\n",
    stderr: /fxAbort: .*: dead strip/,
  },
];
