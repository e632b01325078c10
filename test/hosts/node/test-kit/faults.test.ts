/**
 * Faults in a test: every kind in virtual time, and kills at a message on both clocks.
 */
import { fileURLToPath } from "node:url";
import test from "tape";
import { UsageError } from "reattach/node";
import { type App, startApp, type StartOptions, TestError } from "reattach/test";

const ROUNDS = 40;
const MODULES = Object.fromEntries(
  ["counter", "server", "client"].map((name) => [
    name,
    fileURLToPath(new URL(`../faults/fixtures/${name}`, import.meta.url)),
  ]),
);
const RESTART = { backoff_ms: 0, minRun_ms: 0, intensity: 0, escalate: [] };
const TASKS = {
  server: { module: "server", services: ["counter"], restart: RESTART },
  client: { module: "client", args: { pause_ms: 50, rounds: ROUNDS }, restart: RESTART },
};

function start(options: StartOptions = {}): Promise<App> {
  return startApp({ modules: MODULES, config: { reattach: { tasks: TASKS } } }, options);
}

/** Lines of a task. */
function said({ log }: App, task: string): string[] {
  return log.filter((line) => line.task === task).map(({ text }) => text);
}

/** Waits until the client has done all its rounds. */
async function finish(app: App): Promise<void> {
  await app.until(() => said(app, "client").length === ROUNDS);
}

/** The values that have been put more than once. */
function doubled(app: App): number[] {
  const puts = said(app, "server").map((line) => Number(line.replace("put ", "")));
  return puts.filter((value, index) => puts.indexOf(value) < index);
}

test("app.inject: at a message, and before its answer, in virtual time", async (t) => {
  {
    await using app = await start();
    app.inject("kill:server@message:put#20");
    await finish(app);
    t.equal(app.deaths.length, 1);
    t.ok(app.deaths[0]!.isInjected);
    t.deepEqual(doubled(app), [], "its server had not seen it");
  }
  await using app = await start();
  app.inject("kill:server@after-effect:put#20");
  await finish(app);
  t.equal(app.deaths.length, 1);
  t.equal(doubled(app).length, 1, "it was put, and not answered: put again by the successor");
});

/** What each kind makes of the server, after so many milliseconds. */
const KINDS: readonly [fault: string, death: RegExp | null][] = [
  ["kill:server@200ms", /^killed /],
  ["memory:server@200ms", /^memory /],
  ["throw:server@200ms", /^throw .*an injected fault/],
  ["start:server@200ms", /^killed /],
  ["hold=1s:server@200ms", null],
  ["slow=20ms,1s:server@200ms", null],
  ["lost-wakeups:server@200ms", null],
];

for (const [fault, death] of KINDS) {
  test(`app.inject: ${fault}, in virtual time, twice the same`, async (t) => {
    const stories: string[] = [];
    for (let run = 0; run < 2; run++) {
      await using app = await start({ seed: 3 });
      app.inject(fault);
      await finish(app);
      const deaths = app.deaths.map(({ cause, text }) => `${cause} ${text}`);
      if (death === null) t.deepEqual(deaths, [], "nobody dies of it");
      else t.match(deaths[0] ?? "", death);
      if (death === null) {
        const longest_ms = Math.max(
          ...said(app, "client").map((line) => Number(/took (\d+)/.exec(line)?.[1] ?? 0)),
        );
        t.ok(longest_ms >= 3, `a round took ${longest_ms} ms`);
      }
      stories.push(JSON.stringify([app.log, app.deaths, app.now_ms]));
    }
    t.equal(stories[0], stories[1]);
  });
}

test("app.inject: start: there is no thread for the next start, and then there is", async (t) => {
  await using app = await start();
  app.inject("start:server@200ms");
  await app.until(() => app.deaths.length === 2);
  t.match(app.deaths[1]!.text, /an injected fault/, "the start that failed");
  await finish(app);
});

test("app.rest: a fault that waits for its task to come to the kernel never strikes", async (t) => {
  const slow = fileURLToPath(new URL("../faults/fixtures/slow-server", import.meta.url));
  const server = { ...TASKS.server, module: "slow", args: { takes_ms: 3_600_000 } };
  const tasks = { ...TASKS, server };
  const modules = { ...MODULES, slow };
  await using app = await startApp({ modules, config: { reattach: { tasks } } });
  // Its message is under way: it would be thrown after that.
  app.inject("throw:client@1s");
  await app.advance("2 s");
  await app.rest();
  await app.advance("3 h");
  t.deepEqual(app.deaths, []);
  t.equal(said(app, "client").length, 3, "it has had three answers");
});

for (const options of [{}, { clock: "real", trace: {} }] as const) {
  const clock = "clock" in options ? options.clock : "virtual";

  test(`app.kill: at the n-th message of a call, ${clock} time`, async (t) => {
    await using app = await start(options);
    const puts = said(app, "server").length;
    const killed = app.kill("server", { at: { service: "counter", call: "put", n: 9 } });
    await killed;
    const seen = said(app, "server").length - puts;
    // One may have been under way when counting began.
    t.ok(seen === 8 || seen === 9, `${seen} puts were seen before`);
    const death = await app.waitFor("death", { name: "server", cause: "killed" });
    t.ok(death.isInjected);
    await finish(app);
    t.deepEqual(doubled(app), []);
  });

  test(`app.kill: after the effect, and of a client; ${clock} time`, async (t) => {
    await using app = await start(options);
    await app.kill("server", {
      at: { service: "counter", call: "put", n: 5, point: "after-effect" },
    });
    await app.waitFor("ready", { name: "server" });
    await app.until(() => doubled(app).length === 1);
    await app.kill("client", { at: { service: "counter", call: "get" } });
    t.equal(app.deaths.at(-1)!.name, "client", "its server lives");
    t.equal(app.deaths.length, 2);
  });
}

test("app.kill: what is wrong with a place is told, and kills nobody", async (t) => {
  await using app = await start({ within: "1 s" });
  const wrong: [at: object, problem: RegExp][] = [
    [{ service: "countr", call: "put" }, /service 'countr', allowed is counter/],
    [{ service: "counter", call: "pot" }, /call 'pot', allowed are put, get/],
    [{ service: "counter", call: "put", n: 0 }, /n 0, allowed is a whole number from 1/],
    [{ service: "counter", call: "put", point: "now" }, /point 'now', allowed are message/],
    [{ service: "counter", call: "put", nth: 2 }, /found "nth", allowed are service, call, n/],
  ];
  for (const [at, problem] of wrong) {
    const error: unknown = await app.kill("server", { at } as never).catch((thrown) => thrown);
    t.ok(error instanceof UsageError && problem.test(error.message), String(error));
  }
  const unknown: unknown = await app
    .kill("severs", { at: { service: "counter", call: "put" } })
    .catch((thrown) => thrown);
  t.match(String(unknown), /found the task "severs"/);
  const late: unknown = await app
    .kill("server", { at: { service: "counter", call: "put", n: 10_000 } })
    .catch((thrown) => thrown);
  t.ok(late instanceof TestError, "it does not come to it");
  await finish(app);
  t.equal(app.deaths.length, 0);
});

test("app.kill: at a message, in real time, takes an application that is traced", async (t) => {
  await using app = await start({ clock: "real" });
  const error: unknown = await app
    .kill("server", { at: { service: "counter", call: "put" } })
    .catch((thrown) => thrown);
  t.match(String(error), /messages have to be traced: \{ clock: "real", trace: \{\} \}/);
});
