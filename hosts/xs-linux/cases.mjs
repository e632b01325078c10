/** What only Linux does: strict priorities. The program runs on one core for them. */

/** Exit code of a usage that is wrong. */
const USAGE = 2;

const main = (body) => `import Worker from "worker"; import Timer from "timer";\n${body}`;

/** Two workers that count without end, each at its own word; main says what came of it. */
const counting = (first, second, what) => ({
  "main.mjs": main(`const words = new Int32Array(new SharedArrayBuffer(16));
    for (const [at, priority] of [[1, ${first}], [2, ${second}]]) {
      const w = new Worker("$DIR/w", { priority });
      w.postMessage({ words, at });
    }
    globalThis.abort = () => true;
    Timer.set(() => { trace(${what}, "\\n"); throw 0; }, 300);`),
  "w.mjs": `self.onmessage = ({ words, at }) => { for (;;) Atomics.add(words, at, 1); };`,
});

const ABORTED = { code: 42, stderr: /unhandled exception/ };

/** @type {readonly import("../xs-test/selftest/run.mjs").Case[]} */
export const priorityCases = [
  {
    title: "--priorities=rr: a worker of a lower priority waits for one that never rests",
    files: counting(1, 2, "words[1] === 0 && words[2] > 0"),
    args: ["--priorities=rr"],
    stdout: "true\n",
    ...ABORTED,
  },
  {
    title: "--priorities=rr: workers of one priority take turns",
    files: counting(2, 2, "words[1] > 0 && words[2] > 0"),
    args: ["--priorities=rr"],
    stdout: "true\n",
    ...ABORTED,
  },
  {
    title: "--priorities=fifo: a worker runs until it waits",
    files: counting(2, 2, "(words[1] > 0) !== (words[2] > 0)"),
    args: ["--priorities=fifo"],
    stdout: "true\n",
    ...ABORTED,
  },
  {
    title: "--priorities=fifo: the guardian restarts a main VM that stands still",
    files: {
      "main.mjs": `import { guard } from "reattach/moddable/native"; guard(200, ""); for (;;);`,
    },
    args: ["--priorities=fifo"],
    code: 43,
  },
];

/** @type {readonly import("../xs-test/selftest/run.mjs").Case[]} */
export const linuxCases = [
  {
    title: "--priorities: another value than rr and fifo is refused",
    files: { "main.mjs": "" },
    args: ["--priorities=other"],
    code: USAGE,
    stderr: /--priorities=other: expected rr or fifo/,
  },
];
