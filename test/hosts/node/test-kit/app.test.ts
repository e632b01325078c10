/**
 * An application in a test, on real threads: what it can be asked, and waited for.
 */
import { execFile } from "node:child_process";
import { join } from "node:path";
import test from "tape";
import { UsageError } from "reattach/node";
import { type App, type Checks, startApp, type StartOptions, TestError } from "reattach/test";
import { Soil, Valve } from "../../../../examples/greenhouse/services.js";
import { VALVE_PIN } from "../../../../examples/greenhouse/pins.js";
import { folderOf } from "../temp-folder.js";

const ROOT = join(import.meta.dirname, "../../../..");
const GREENHOUSE = join(ROOT, "examples/greenhouse");
const AT_ONCE = { minRun_ms: 0, backoff_ms: 0, intensity: 0, escalate: [] };

/** A greenhouse that waters all the time. */
function startGreenhouse(options: StartOptions = {}): Promise<App> {
  const tasks = {
    controller: { args: { period_ms: 1 } },
    valve: { args: { open_ms: 4 }, restart: AT_ONCE },
  };
  return startApp(GREENHOUSE, { clock: "real", tasks, ...options });
}

/** What a promise rejects with. */
async function rejection(promise: Promise<unknown>): Promise<Error> {
  try {
    await promise;
  } catch (error) {
    return error as Error;
  }
  throw new Error("it was expected to reject");
}

test("startApp: all tasks are up, and a service can be asked", async (t) => {
  await using app = await startGreenhouse();
  t.deepEqual(
    app.tasks.map(({ name }) => name),
    ["sensor", "valve", "controller", "display"],
  );
  t.notEqual(app.task("sensor").state, "STARTING");
  await app.until(async () => (await app.hardware.pin(VALVE_PIN)).rises > 1);
  const { status, reply } = await app.call(Valve, "count", {});
  t.equal(status, 0);
  t.ok(reply.waterings >= 1, `${reply.waterings} waterings`);
  t.deepEqual(Object.keys((await app.call(Soil, "read")).reply), ["moisture"], "a plain object");
  // The ledger's state: the last watering that was done, and the one intended.
  t.ok(app.stable("valve").byteLength >= 8, "what it has committed");
});

test("app.kill: a death, which is told once, and a new life", async (t) => {
  await using app = await startGreenhouse();
  const { pid } = app.task("valve");
  await app.kill("valve");
  const death = await app.waitFor("death", { name: "valve", cause: "killed" });
  t.equal(death.pid, pid);
  t.ok(death.isInjected, "the application is not to blame");
  const ready = await app.waitFor("ready", { name: "valve" });
  t.notEqual(ready.pid, pid);
  t.deepEqual(app.deaths, [death]);
  const again = await rejection(app.waitFor("death", { name: "valve" }, "20 ms"));
  t.match(again.message, /^waitFor: not within 20 ms: "death" \{ name: 'valve' \}$/m);
  await app.restart("valve");
  await app.waitFor("ready", ({ name }) => name === "valve");
  t.equal((await app.call(Valve, "count")).status, 0, "it answers");
});

test("app: what did not come about is told with what happened meanwhile", async (t) => {
  await using app = await startGreenhouse();
  await app.waitFor("line", { task: "display", text: /^moisture \d+/ });
  await app.hold("display");
  await app.kill("display");
  const error = await rejection(app.until(() => app.log.length > 1e6, "50 ms"));
  t.ok(error instanceof TestError);
  t.match(error.message, /^until: not within 50 ms: \(\) ?=> ?app\.log\.length ?> ?1e6$/m);
  t.match(error.message, /^ {2}display: HELD, .*last death: killed/m);
  t.match(error.message, /^ {2}sensor: /m);
  await app.release("display");
  await app.waitFor("ready", { name: "display" });
  const thrown = new Error("no good");
  const looked = await rejection(
    app.until(() => {
      throw thrown;
    }),
  );
  t.equal(looked, thrown, "what a condition throws is thrown at once");
});

test("app.inject: faults strike until the application is to rest", async (t) => {
  await using app = await startGreenhouse();
  app.inject("kill:valve:50ms");
  await app.until(() => app.deaths.length >= 3);
  t.ok(
    app.deaths.every(({ name, isInjected }) => name === "valve" && isInjected),
    "the application is not to blame",
  );
  await app.rest();
  const quiet = await rejection(app.waitFor("death", {}, "300 ms"));
  t.ok(quiet instanceof TestError, "nobody is killed any more");
});

const WRONG: readonly [what: string, call: (app: App) => Promise<unknown>, message: RegExp][] = [
  ["a task", (app) => app.kill("vlave"), /found the task "vlave".*did you mean "valve"/],
  ["a call", (app) => app.call(Valve, "cuont" as "count"), /"cuont" of valve.*"count"/],
  ["a service", (app) => app.call({} as typeof Valve, "count"), /allowed is what defineService/],
  [
    "a field",
    (app) => app.call(Valve, "water", { n: 1 } as object),
    /field "n", allowed is number/,
  ],
  ["a value", (app) => app.call(Valve, "water", { number: "1" as never }), /allowed is a number/],
  ["no field", (app) => app.call(Valve, "count", { n: 1 } as object), /it has no fields/],
  ["an event", (app) => app.waitFor("deth" as "death"), /found "deth".*did you mean "death"/],
  ["a condition", (app) => app.until(true as never), /found true, allowed is a function/],
  ["a time", (app) => app.until(() => true, "2 days"), /app\.until: within: found "2days"/],
  ["a time too", (app) => app.until(() => true, -1), /found -1, allowed are milliseconds/],
  ["a clock", (app) => app.advance("3 h"), /time is real here/],
  ["no trace", async (app) => app.trace.routes(), /called without "trace"/],
  ["a fault", async (app) => app.inject("kill:vlave:1s"), /found task "vlave".*"valve"/],
  ["a module", (app) => app.load("service"), /found "service".*did you mean "services"/],
];

test("app: wrong use is an error that says what is allowed", async (t) => {
  const app = await startGreenhouse();
  for (const [what, call, message] of WRONG) {
    const error = await rejection(call(app));
    t.ok(error instanceof UsageError, what);
    t.match(error.message, message, what);
  }
  await app.stop();
  await app.stop();
  const error = await rejection(app.kill("valve"));
  t.match(error.message, /^app\.kill: the application has been stopped$/);
});

const WRONG_STARTS: readonly [options: object, message: RegExp][] = [
  [{ sede: 1 }, /found the option "sede".*did you mean "seed"/],
  [{ clock: "unreal" }, /found clock 'unreal'/],
  [{ trace: {} }, /"trace" needs real time/],
  [{ seed: -1 }, /found seed -1, allowed is a whole number/],
  [{ checks: {} }, /checks \{\}, allowed is a function/],
  [{ tasks: { valv: {} } }, /tasks: found "valv".*did you mean "valve"/],
  [{ within: "soon" }, /startApp: within: found "soon"/],
];

test("startApp: a wrong option is named before anything is started", async (t) => {
  for (const [options, message] of WRONG_STARTS) {
    const error = await rejection(startApp(GREENHOUSE, options));
    t.ok(error instanceof UsageError, String(message));
    t.match(error.message, message);
  }
});

test("startApp: a task that does not compile, or does not come up, is told", async (t) => {
  const dir = folderOf(t, {
    "broken.ts": "export function main() { let; }",
    "mortal.ts": 'throw new Error("no such pin");',
  });
  const manifest = (module: string): Record<string, unknown> => ({
    modules: { "*": [`./${module}`] },
    config: { reattach: { tasks: { [module]: { module } } } },
  });
  const broken = await rejection(startApp(manifest("broken"), { baseDir: dir, clock: "real" }));
  t.match(broken.message, /^startApp: broken: .*broken\.ts:1:\d+: /);
  const options: StartOptions = { baseDir: dir, clock: "real", within: "4 s" };
  const mortal = await rejection(startApp(manifest("mortal"), options));
  t.match(mortal.message, /^startApp: not within 4 s: all tasks are up$/m);
  t.match(mortal.message, /mortal: .*last death: throw: Error: no such pin/);
});

test("app: a check that fails is told by the next call that waits, and once", async (t) => {
  let isWrong = false;
  const checks = (): Checks => ({
    never: { "it is wrong": () => isWrong },
    atRest: { "it is right at rest": () => Promise.reject(new Error("it is not")) },
  });
  const app = await startGreenhouse({ checks });
  isWrong = true;
  const error = await rejection(app.waitFor("death"));
  t.match(error.message, /^checks have failed:\nit is wrong: it is true \(at /);
  const rest = await rejection(app.rest());
  t.match(rest.message, /^checks have failed:\nit is right at rest: it is not/);
  t.deepEqual(
    app.failures.map(({ check }) => check),
    ["it is wrong", "it is right at rest"],
  );
  await app.stop();
});

test("app.stop: tells of a check that has failed, when no other call has", async (t) => {
  let isWrong = false;
  const app = await startGreenhouse({ checks: () => ({ always: { right: () => !isWrong } }) });
  isWrong = true;
  await app.hold("display");
  await app.kill("display");
  const error = await rejection(app.stop());
  t.match(error.message, /^checks have failed:\nright: it is false/);
});

test("app.trace: the messages, of an application that was started with it", async (t) => {
  await using app = await startGreenhouse({ trace: {} });
  await app.until(() =>
    app.trace.routes().some(({ client, server }) => client === "controller" && server === "valve"),
  );
  t.pass("the controller has asked the valve");
});

/** A program that ends, and has forgotten something. */
const FORGETFUL = `import { startApp } from "reattach/test";
const app = await startApp(${JSON.stringify(GREENHOUSE)}, { clock: "real" });
await app.kill("valve");
`;

test("startApp: a process that has forgotten to stop ends, says so, and has failed", async (t) => {
  const { code, stderr } = await new Promise<{ code: unknown; stderr: string }>((resolve) => {
    const args = ["--input-type=module", "--eval", FORGETFUL];
    const options = { cwd: ROOT, timeout: 60_000 };
    execFile(process.execPath, args, options, (error, _stdout, errors) =>
      resolve({ code: error?.code, stderr: errors }),
    );
  });
  t.equal(code, 1, "exit code");
  t.match(stderr, /^startApp: the application that was started at .*:2:\d+ was not stopped: "aw/m);
});
