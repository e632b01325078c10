/** Where XS gives up: the hook, and what ends the run when there is none. */

const main = (body) => `import Worker from "worker"; import Timer from "timer";\n${body}`;
const start = main(`const w = new Worker("$DIR/w"); w.postMessage(1);
  w.onmessage = (m) => { trace(m, "\\n"); w.terminate(); };`);
/** Each goes past all catches, in a worker. */
const FATAL = [
  ["an exception in onmessage", `throw new Error("boom");`, "unhandled exception"],
  [
    "an exception in a timer",
    `Timer.set(() => { throw new Error("boom"); });`,
    "unhandled exception",
  ],
  [
    "an unhandled rejection whose promise is collected",
    `Promise.reject(new Error("boom")); Timer.set(() => collect(), 1);`,
    "unhandled rejection",
  ],
];
const IMPORTS = `import Timer from "timer"; import { collect } from "xs";`;
const worker = (code, hook = "") => `${IMPORTS} ${hook}\nself.onmessage = () => { ${code} };`;
const hook = (result) => `globalThis.abort = (message, exception) => {
  Timer.set(() => self.postMessage(message + ": " + exception?.message)); return ${result}; };`;

export const abortCases = [
  ...FATAL.map(([what, code, reason]) => ({
    title: `abort: ${what} ends the run, 42`,
    files: { "main.mjs": start, "w.mjs": worker(code) },
    code: 42,
    stderr: new RegExp(`^fxAbort: .*/w: ${reason}: Error: boom[^]*w\\.mjs:2`, "m"),
  })),
  ...FATAL.map(([what, code, reason]) => ({
    title: `abort: ${what} is told to globalThis.abort, and false goes on`,
    files: { "main.mjs": start, "w.mjs": worker(code, hook("false")) },
    stdout: `${reason}: boom\n`,
  })),
  {
    title: "abort: anything but false ends the run",
    files: { "main.mjs": start, "w.mjs": worker(`throw new Error("boom");`, hook("0")) },
    code: 42,
    stderr: /unhandled exception: Error: boom/,
  },
  {
    title: "abort: a hook that throws ends the run",
    files: {
      "main.mjs": start,
      "w.mjs": worker(`throw new Error("boom");`, `globalThis.abort = () => { throw 1; };`),
    },
    code: 42,
    stderr: /unhandled exception: Error: boom/,
  },
  {
    title: "no-abort-hook: the hook is not asked",
    files: { "main.mjs": start, "w.mjs": worker(`throw new Error("boom");`, hook("false")) },
    args: ["--no-abort-hook"],
    code: 42,
    stderr: /unhandled exception: Error: boom/,
  },
  {
    title: "abort: memory full is told, and the hook may park",
    files: {
      "main.mjs": main(`const words = new Int32Array(new SharedArrayBuffer(8));
        const w = new Worker("$DIR/w", { static: 16384, chunk: { initial: 1536, incremental: 512 },
          heap: { initial: 64, incremental: 32 }, stack: 96, keys: { initial: 16 } });
        w.postMessage(words);
        Timer.repeat((id) => {
          if (Atomics.load(words, 0) !== 1) return;
          Timer.clear(id); Timer.set(() => { w.terminate(); trace("parked\\n"); }, 20);
        }, 1);`),
      "w.mjs": `import { park } from "reattach/moddable/native";
        self.onmessage = (words) => {
          globalThis.abort = (message) => {
            if (message === "memory full") Atomics.store(words, 0, 1);
            park();
          };
          const all = []; for (;;) all.push({});
        };`,
    },
    stdout: "parked\n",
  },
  {
    title: "abort: an exception in main ends the run, 42",
    files: { "main.mjs": `throw new TypeError("of main");` },
    code: 42,
    stderr: /TypeError: of main[^]*main\.mjs:1[^]*seed 1\n/,
  },
  {
    title: "abort: an unhandled rejection that was never collected is told at the end of main",
    files: { "main.mjs": `Promise.reject(new Error("boom")); trace("on\\n");` },
    code: 42,
    stdout: "on\n",
    stderr: /unhandled rejection: Error: boom/,
  },
  {
    title: "abort: a rejection that is handled in time is none",
    files: {
      "main.mjs": `const p = Promise.reject(1); p.catch((e) => trace("caught ", e, "\\n"));`,
    },
    stdout: "caught 1\n",
  },
  {
    title: "abort: says the seed",
    files: { "main.mjs": "throw 1;" },
    args: ["--seed=4711"],
    code: 42,
    stderr: /seed 4711\n$/,
  },
];
