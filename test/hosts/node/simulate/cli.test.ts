/**
 * `reattach simulate` as its users meet it.
 */
import { join } from "node:path";
import test from "tape";
import { reattach } from "../run-process.js";
import { folderOf } from "../temp-folder.js";
import { storeApp } from "./store-app.js";

const STARTER = join(import.meta.dirname, "../../../../examples/starter");

/** What the test looks at of what --json prints. */
interface Printed {
  readonly seed: number;
  readonly hash: string;
  readonly runs: number;
  readonly hours: number;
  readonly kills: number;
  readonly faults: number;
  readonly failures: readonly {
    readonly check: string;
    readonly plan: readonly string[];
    readonly replay: string;
  }[];
  readonly speed: object;
}

async function simulate(...argv: string[]): Promise<{ code: number | null; printed: Printed }> {
  const { code, stdout, stderr } = await reattach(["simulate", ...argv, "--json"]).ended;
  if (stdout === "") throw new Error(stderr);
  return { code, printed: JSON.parse(stdout) as Printed };
}

test("simulate: a sound application; the same seed prints the same hash", async (t) => {
  const argv = [STARTER, "--hours", "0.01", "--runs", "2", "--seed", "3"];
  const { code, printed } = await simulate(...argv);
  t.equal(code, 0);
  t.deepEqual(printed.failures, []);
  t.equal(printed.runs, 2);
  t.ok(printed.faults > 0 && printed.kills > 0, `${printed.faults} faults`);
  t.ok(printed.hours >= 0.02, "rests come on top");
  t.equal((await simulate(...argv)).printed.hash, printed.hash);
});

/** Two services, each of which calls the other while it serves. */
const CROSSED = `
import { createMsgInfo, delay, MsgReceive, MsgReply, MsgSend } from "reattach";
import { name_attach, name_open } from "reattach";
export function main({ own, other }) {
  const chid = name_attach(null, own, 0);
  let coid = -1;
  while (coid < 0) {
    delay(5);
    coid = name_open(other, 0);
  }
  const message = new Uint8Array(4);
  const info = createMsgInfo();
  for (;;) {
    MsgSend(coid, message, 4, message, 4);
    const rcvid = MsgReceive(chid, message, 4, info);
    if (rcvid > 0) MsgReply(rcvid, 0, message, 4);
  }
}
`;

test("simulate: a deadlock is found, with a command that shows it again", async (t) => {
  const tasks = {
    one: { module: "crossed", args: { own: "one", other: "two" } },
    two: { module: "crossed", args: { own: "two", other: "one" } },
  };
  const folder = folderOf(t, {
    "manifest.json": { modules: { "*": ["./crossed"] }, config: { reattach: { tasks } } },
    "crossed.ts": CROSSED,
  });
  const { code, printed } = await simulate(folder, "--hours", "0.05", "--faults", "none");
  t.equal(code, 1);
  const failure = printed.failures.find(({ check }) => check === "no deadlock");
  t.ok(failure, "a deadlock");
  const { replay } = failure!;
  t.match(replay, /^reattach simulate .*--seed 1 --faults none/);
  t.equal((await simulate(...replay.split(" ").slice(2))).code, 1, "the command shows it again");
});

test("simulate: what an application claims is checked", async (t) => {
  const folder = folderOf(t, {
    "manifest.json": {
      modules: { "*": ["./ticks"] },
      config: { reattach: { tasks: { ticks: { module: "ticks" } } } },
    },
    "ticks.ts": `
import { delay } from "reattach";
export function main() {
  for (let tick = 0; ; tick++) {
    console.log("tick", tick);
    delay(1_000);
  }
}`,
    "simulation.ts": `
export const checks = () => ({
  never: { "it ticks ten times": (app) => app.log.some(({ text }) => text === "tick 10") },
  eventually: { "it ticks": { within_ms: 500, holds: (app) => app.log.length < 0 } },
  atRest: {
    "it runs": (app) => {
      if (app.task("ticks").state !== "NANOSLEEP") throw new Error("no");
    },
  },
});`,
  });
  const { code, printed } = await simulate(folder, "--hours", "0.01", "--faults", "none");
  t.equal(code, 1);
  t.deepEqual(printed.failures.map(({ check }) => check).sort(), [
    "it ticks",
    "it ticks ten times",
  ]);
});

test("simulate: a failure is made smaller, and its command shows it again", async (t) => {
  const tasks = {
    counter: { module: "counter", restart: { minRun_ms: 0, backoff_ms: 0 } },
    idle: { module: "idle" },
  };
  const folder = folderOf(t, {
    "manifest.json": { modules: { "*": ["./counter", "./idle"] }, config: { reattach: { tasks } } },
    "counter.ts": `
import { delay } from "reattach";
export function main() {
  for (let count = 1; ; count++) {
    console.log(count);
    delay(500);
  }
}`,
    "idle.ts": `
import { delay } from "reattach";
export function main() {
  for (;;) delay(60_000);
}`,
    "simulation.ts": `
export const checks = () => {
  let last = 0;
  let falls = 0;
  return {
    on: {
      line: ({ task, text }) => {
        if (task !== "counter") return;
        if (Number(text) < last) falls++;
        last = Number(text);
      },
    },
    never: { "the count falls twice": () => falls > 1 },
  };
};`,
  });
  const argv = ["--hours", "0.1", "--seed", "2", "--faults", "kill,slow"];
  const { code, printed } = await simulate(folder, ...argv);
  t.equal(code, 1);
  const [failure] = printed.failures;
  t.equal(failure!.check, "the count falls twice");
  t.equal(failure!.plan.length, 2, failure!.plan.join(" "));
  t.ok(
    failure!.plan.every((fault) => fault.startsWith("kill:counter@")),
    "what it takes",
  );
  const again = await simulate(...failure!.replay.split(" ").slice(2));
  t.equal(again.code, 1);
  t.equal(again.printed.failures[0]!.check, "the count falls twice");
});

/** A store that forgets what it was told last when it dies before it answers. */
const STORE = {
  ...storeApp(1_000),
  "simulation.ts": `
export const checks = () => {
  const seen = new Set();
  let again = "";
  return {
    on: {
      line: ({ task, text }) => {
        if (task === "store" && seen.has(text)) again = text;
        seen.add(text);
      },
    },
    never: { "a value is put twice": () => again !== "" },
  };
};`,
};

test("simulate: faults at messages, and those of a scenario", async (t) => {
  const folder = folderOf(t, {
    ...STORE,
    "scenario.json": { seed: 5, faults: ["kill:store@after-effect:PUT#3", "slow:client:1m"] },
  });
  const hours = ["--hours", "0.05"];
  const seen = await simulate(folder, ...hours, "--fault", "kill:store@message:PUT#3");
  t.deepEqual([seen.code, seen.printed.kills], [0, 1], "it is put by the successor alone");
  const { code, printed } = await simulate(
    folder,
    ...hours,
    "--scenario",
    `${folder}/scenario.json`,
  );
  t.equal(printed.seed, 5, "the scenario's seed");
  t.equal(code, 1);
  const [failure] = printed.failures;
  t.equal(failure!.check, "a value is put twice");
  t.deepEqual(failure!.plan, ["kill:store@after-effect:PUT#3"], "what it takes");
  const again = await simulate(...failure!.replay.split(" ").slice(2));
  t.equal(again.printed.failures[0]?.check, "a value is put twice");
});

test("simulate: wrong options are told", async (t) => {
  const { code, stderr } = await reattach(["simulate", STARTER, "--faults", "kil"]).ended;
  t.equal(code, 2);
  t.match(stderr, /--faults: found "kil", did you mean|allowed/);
  const wrong = await reattach(["simulate", STARTER, "--fault", "kill:nobody@message"]).ended;
  t.equal(wrong.code, 2);
  t.match(wrong.stderr, /--fault kill:nobody@message: found task "nobody", allowed are /);
});
