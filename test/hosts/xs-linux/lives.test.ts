/**
 * The life of a task on real XS: what listeners order, what they throw, a standby that fails when
 * it is called, and tasks that never get ready.
 */
import { join } from "node:path";
import test from "tape";
import { bundle } from "./bundle.js";
import { missing, run, THIRTY_TWO_BIT } from "./host.js";
import { resultIn } from "./results-in.js";

const mode = THIRTY_TWO_BIT;
const PROGRAMS = join(import.meta.dirname, "programs");
/** Long enough for a task that loads on a busy machine, short enough to wait for. */
const LOAD_MS = 3_000;

const KILLED = "killed: ";
const THROWN = "throw: thrown on purpose";

interface Case {
  readonly title: string;
  readonly mortal: object;
  readonly plan: object;
  /** What is told of it, the texts of deaths cut at their first line. */
  readonly heard: readonly string[];
  readonly restarts: number;
}

const dies = { module: "unlucky", args: { fate: "throws" } };

const CASES: readonly Case[] = [
  {
    title: "restart, from a death listener: works once, and counts once",
    mortal: { ...dies, restart: { minRun_ms: 0, backoff_ms: 0 } },
    plan: { until: 4, does: "restart", kills: false },
    heard: ["start", THROWN, "start", THROWN],
    restarts: 1,
  },
  {
    title: "start, from a death listener: a task that is not restarted by itself",
    mortal: { ...dies, restart: { when: "never" } },
    plan: { until: 4, does: "start", kills: false },
    heard: ["start", THROWN, "start", THROWN],
    restarts: 0,
  },
  {
    title: "a listener that throws changes nothing",
    mortal: dies,
    plan: { until: 4, does: "throw", kills: false },
    heard: ["start", THROWN, "start", THROWN],
    restarts: 1,
  },
  {
    title: "a standby that fails to load when it has been called is a death",
    mortal: { module: "lives", args: { service: "" }, standby: true },
    plan: { until: 5, does: "nothing", kills: true },
    heard: ["start", KILLED, "start", "throw: the log says why", "start"],
    restarts: 2,
  },
  {
    title: "a module that is never loaded is a death",
    mortal: { module: "loops-loading", load_ms: LOAD_MS, restart: { when: "never" } },
    plan: { until: 2, does: "nothing", kills: false },
    heard: ["start", `hung: its program was not loaded within ${LOAD_MS} ms`],
    restarts: 0,
  },
  {
    title: "a service that is never attached is a death",
    mortal: {
      module: "lives",
      args: { service: "other" },
      services: ["other", "store"],
      load_ms: LOAD_MS,
      restart: { when: "never" },
    },
    plan: { until: 2, does: "nothing", kills: false },
    heard: ["start", `hung: "store" was not attached within ${LOAD_MS} ms`],
    restarts: 0,
  },
];

for (const { title, mortal, plan, heard, restarts } of CASES) {
  test(`life on XS: ${title}`, async (t) => {
    const why = missing(mode);
    if (why !== "") return t.skip(why);
    const all = await bundle({
      main: join(PROGRAMS, "lives-main.ts"),
      lives: join(PROGRAMS, "lives.ts"),
      "loops-loading": join(PROGRAMS, "loops-loading.ts"),
      unlucky: join(PROGRAMS, "unlucky.ts"),
    });
    const config = { plan, reattach: { tasks: { mortal } } };
    const { code, stdout, stderr } = await run({ mode, bundle: all, main: "main", config });
    all.remove();
    t.equal(code, 0, "the process ends well");
    const result = resultIn<{ heard: string[]; restarts: number }>(stdout);
    if (result === undefined) return t.fail(`no result: ${stderr}\n${stdout.slice(-2_000)}`);
    const told = result.heard.map((each) => each.split("\n")[0]!.replace("Error: ", ""));
    t.deepEqual(told, heard, "what was told");
    t.equal(result.restarts, restarts, "restarts");
  });
}
