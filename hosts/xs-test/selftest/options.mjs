/** The switches themselves: each has a wrong use that is refused, and none is ignored. */

const files = { "main.mjs": `trace("ran\\n");`, "wrong.json": "{" };

/** Each of these ends with exit code 2 and a sentence that has the second word in it. */
const REFUSED = [
  ["--nonsense", /unknown switch --nonsense[^]*--lossy-waits/],
  ["--queue", /unknown switch --queue/],
  ["--queue=", /needs a value/],
  ["--queue=0", /whole number from 1/],
  ["--queue=1x", /expected one number, found x/],
  ["--cores=0", /whole number from 1/],
  ["--seed=-1", /whole number from 0/],
  ["--clock=-1", /whole number from 0/],
  ["--clock=4294967296", /whole number from 0 to 4294967295/],
  ["--clock=1s", /whole number from 0/],
  ["--spurious-wakes=0", /whole number from 1/],
  ["--lossy-waits=5;3", /us or us,every/],
  ["--terminate=now", /expected kill or wait/],
  ["--main-wait=never", /expected fatal or throw/],
  ["--modules=$DIR/none.json", /cannot read/],
  ["--modules=$DIR/wrong.json", /wrong\.json: SyntaxError/],
  ["--creation=$DIR/none.json", /cannot read/],
  ["--config=$DIR/none.json", /cannot read/],
];

export const optionCases = [
  { title: "options: a module is run", files, stdout: "ran\n" },
  {
    title: "options: --clock is where Time.ticks begins, and it begins again after 2^32",
    files: {
      "main.mjs":
        `import Time from "time"; import Timer from "timer"; import { exit } from "xs";` +
        `const first = Time.ticks >>> 0; Timer.repeat(() => {` +
        `if (Time.ticks >>> 0 >= first) return; ` +
        `trace(first >= 4294964000, "\\n"); exit(0); }, 20);`,
    },
    // Three seconds before it begins again: a busy machine has started by then.
    args: ["--clock=4294964000"],
    stdout: "true\n",
  },
  {
    title: "options: --count-calls tells who has done the calls of messages",
    files,
    args: ["--no-native", "--count-calls"],
    stdout: `ran\ncalls {${["send", "MsgReceive", "MsgReply", "MsgError"]
      .map((call) => `"${call}":{"native":0,"ordinary":0}`)
      .join()}}\n`,
  },
  {
    title: "options: no module is refused",
    files,
    tail: [],
    code: 2,
    stderr: /no module to run/,
  },
  {
    title: "options: what follows the module is args",
    files: { "main.mjs": `import { args } from "xs"; trace(args.join("|"), "\\n");` },
    tail: ["$DIR/main.mjs", "a", "--b", "c d"],
    stdout: "a|--b|c d\n",
  },
  ...REFUSED.map(([arg, stderr]) => ({
    title: `options: ${arg} is refused`,
    files,
    args: [arg],
    code: 2,
    stderr,
  })),
];
