/** Counters, and memory that has an end. */

/** Prints what `code` allocates in 1,000 rounds, after a first one: slots, chunk bytes. */
const measured = (setup, code) => `import { slots, chunkBytes, collections, collect } from "xs";
  ${setup}
  function run(n) { for (let i = 0; i < n; i++) { ${code} } }
  function measure() {
    run(1); collect();
    const s = slots(), c = chunkBytes(), g = collections();
    run(1000);
    const s1 = slots() - s, c1 = chunkBytes() - c, g1 = collections() - g;
    trace(s1, " ", c1, " ", g1, "\\n");
  }
  measure();`;

/** A worker whose `static` is 12 KB fills it. */
const filler = `self.onmessage = () => { const all = []; for (;;) all.push({ n: all.length }); };`;
const small = `{ static: 12288, chunk: { initial: 1536, incremental: 512 },
  heap: { initial: 64, incremental: 32 }, stack: 96, keys: { initial: 16, incremental: 8 } }`;
const fill = `import Worker from "worker"; import Timer from "timer";
  const w = new Worker("$DIR/w", ${small}); w.postMessage(1);
  w.onmessage = (m) => { trace(m, "\\n"); w.terminate(); };`;

export const memoryCases = [
  {
    title: "xs: number maths, typed arrays, Atomics, comparisons of strings allocate nothing",
    files: {
      "main.mjs": measured(
        `const a = new Int32Array(new SharedArrayBuffer(64)), m = new Map([[1, 1]]); let x = 0;`,
        `x += i * 1.5; a[1] = x; Atomics.add(a, 0, 1); Atomics.notify(a, 0, 1);
         if (Atomics.load(a, 2) === "a") x = 0; m.set(1, x); a.fill(0);`,
      ),
    },
    stdout: "0 0 0\n",
  },
  {
    title: "xs: the counters themselves, copy and trace of a constant allocate nothing",
    files: {
      "main.mjs": measured(
        `import * as xs from "xs"; import Time from "time";
         import { copy } from "reattach/moddable/native";
         const a = new Uint8Array(new SharedArrayBuffer(64));`,
        `xs.ram(); xs.bytecodes(); xs.stackPeak(); xs.waits(); xs.notifies(); xs.losses();
         xs.codeBytes("a"); Time.ticks; Time.microseconds; copy(a, 0, a, 8, 8); trace("");`,
      ),
    },
    stdout: "0 0 0\n",
  },
  {
    title: "xs: an object allocates slots, and no more than it did on XS before",
    files: { "main.mjs": measured("", "({ a: 1 });").replace("trace(s1", "trace(s1 / 1000") },
    stdout: "2 0 0\n",
  },
  {
    title: "xs.bytecodes: is exact",
    files: {
      "main.mjs": `import { bytecodes } from "xs";
        function count(n) {
          const b = bytecodes();
          for (let i = 0; i < n; i++);
          return bytecodes() - b;
        }
        count(1);
        const one = count(10), two = count(110);
        trace(count(10) === one, " ", two - one === 10 * (count(20) - one), "\\n");`,
    },
    stdout: "true true\n",
  },
  {
    title: "xs.stackPeak: grows with the depth of calls",
    files: {
      "main.mjs": `import { stackPeak } from "xs";
        const before = stackPeak(); const f = (n) => (n ? f(n - 1) + 1 : 0); f(50);
        trace(stackPeak() - before > 300, "\\n");`,
    },
    stdout: "true\n",
  },
  {
    title: "static: a full worker ends the run with memory full, 42",
    files: { "main.mjs": fill, "w.mjs": filler },
    code: 42,
    stderr: /^fxAbort: .*\/w: memory full\n/m,
  },
  {
    title: "static: a worker may fill, free and fill again",
    files: {
      "main.mjs": fill.replace("12288", "20480"),
      "w.mjs": `self.onmessage = () => {
        for (let i = 0; i < 50; i++) {
          let all = []; for (let n = 0; n < 60; n++) all.push({ n });
          all = new Uint8Array(2000);
        }
        self.postMessage("full"); };`,
    },
    stdout: "full\n",
  },
  {
    title: "static: too small for a machine ends the run, 42",
    files: { "main.mjs": fill.replace("12288", "2048"), "w.mjs": filler },
    code: 42,
    stderr: /memory full/,
  },
  {
    title: "creation: a stack that overflows ends the run, 42, without the hook",
    files: {
      "main.mjs": `globalThis.abort = () => { trace("hook\\n"); return false; };
        const f = () => f() + 1; f();`,
    },
    code: 42,
    stderr: /fxAbort: .*: JavaScript stack overflow/,
  },
];
