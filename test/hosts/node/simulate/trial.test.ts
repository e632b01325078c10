/**
 * One run of `reattach simulate`: its rests, and what becomes of one that cannot go on.
 */
import test, { type Test } from "tape";
import type { TrialOptions } from "../../../../hosts/node/simulate/trial.js";
import type { Prepared } from "../../../../hosts/node/simulate/prepare.js";
import { folderOf } from "../temp-folder.js";
import { prepare, runTrial } from "./prepared.js";

const OPTIONS: TrialOptions = {
  seed: 1,
  duration_ms: 60_000,
  kinds: [],
  plan: null,
  preemption: null,
  allowsIo: false,
  until: null,
  goOn: () => true,
};

/** An application of one task, with this program, and what is claimed of it. */
function oneTask(t: Test, program: string, more: object, claims: string): Promise<Prepared> {
  const tasks = { only: { module: "only", ...more } };
  const manifest = { modules: { "*": ["./only"] }, config: { reattach: { tasks } } };
  return prepare(
    folderOf(t, { "manifest.json": manifest, "only.ts": program, "simulation.ts": claims }),
  );
}

test("simulate: a task that keeps its thread is a failure, which says which it is", async (t) => {
  const program = "export function main() { for (;;); }";
  const app = await oneTask(t, program, {}, "export const checks = () => ({});");
  const { failures } = await runTrial(app, { ...OPTIONS, patience_ms: 1_000 });
  t.deepEqual(
    failures.map(({ check }) => check),
    ["tasks come to the kernel"],
  );
  t.match(failures[0]!.text, /^only: /);
  await app.stop();
});

const FRAGILE = `
import { delay, stableCommit, stableRead } from "reattach";
export function main() {
  const lives = new Uint8Array(1);
  stableRead(lives);
  lives[0]++;
  stableCommit(lives, 1);
  delay(lives[0] === 1 ? 4_000 : 1e9);
  throw new Error("it was made to");
}
`;
const UP = `
export const checks = () => ({
  atRest: {
    "all run": (app) => {
      if (app.tasks.some(({ state }) => state !== "NANOSLEEP")) throw new Error(app.tasks[0].state);
    },
  },
});
`;

test("simulate: a death after all were up puts the rest off until they are again", async (t) => {
  // Dead from 4 to 8 s: five seconds after all were up it is not.
  const restart = { minRun_ms: 8_000 };
  const app = await oneTask(t, FRAGILE, { restart }, UP);
  const { failures, deaths } = await runTrial(app, { ...OPTIONS, duration_ms: 6 });
  t.deepEqual(failures, []);
  t.equal(deaths, 1);
  await app.stop();
});

const SERVICE = `
import { call, defineService } from "reattach/service";
export const Echo = defineService("echo", { ask: call({}, {}) });
`;
const SERVER = `
import { serve } from "reattach/service";
import { Echo } from "./echo.js";
export function main() {
  serve(Echo, { ask() {} });
}
`;
const CLIENT = `
import { delay } from "reattach";
import { open } from "reattach/service";
import { Echo } from "./echo.js";
export function main() {
  const { ask } = open(Echo);
  for (let round = 1; ; round++) {
    delay(7);
    const began = performance.now();
    ask.send();
    if (performance.now() - began > 10) console.log("late");
  }
}
`;
/** Of lines that the client has written. */
const NONE_LATE = `
export const checks = () => {
  let late = 0;
  return {
    on: { line: () => void late++ },
    atRest: {
      "some were late": () => {
        if (late === 0) throw new Error("no wake-up was lost");
      },
      "none is at rest": async (app) => {
        const before = late;
        for (let i = 0; i < 200; i++) await app.call(Echo, "ask");
        if (late > before) throw new Error(\`\${late - before} were\`);
      },
    },
  };
};
`;

test("simulate: wake-ups are lost in one run of four, and never at rest", async (t) => {
  const tasks = { server: { module: "server", services: ["echo"] }, client: { module: "client" } };
  const app = await prepare(
    folderOf(t, {
      "manifest.json": {
        modules: { "*": ["./server", "./client", "./echo"] },
        config: { reattach: { tasks } },
      },
      "echo.ts": SERVICE,
      "server.ts": SERVER,
      "client.ts": CLIENT,
      "simulation.ts": `import { Echo } from "./echo.js";\n${NONE_LATE}`,
    }),
  );
  let losing = 0;
  for (let seed = 1; seed <= 8; seed++) {
    const { failures } = await runTrial(app, {
      ...OPTIONS,
      seed,
      duration_ms: 12_000,
      kinds: ["lost-wakeups"],
    });
    const checks = failures.map(({ check, text }) => `${check}: ${text}`);
    if (checks.length === 0) losing++;
    else t.deepEqual(checks, ["some were late: no wake-up was lost"], `seed ${seed}`);
  }
  t.ok(losing > 0, `${losing} of 8`);
  await app.stop();
});
