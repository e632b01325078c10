/**
 * boot() and injectFaults(): a wrong argument is named in a sentence, with what is allowed; and
 * faults end with their system.
 */
import { fileURLToPath } from "node:url";
import test from "tape";
import { boot, injectFaults, type System, UsageError } from "reattach/node";

const TASKS = fileURLToPath(new URL("./tasks", import.meta.url));
const task = { module: "tasks", args: { act: "serve", name: "one" } };
const MANIFEST = { modules: { tasks: TASKS }, config: { reattach: { tasks: { one: task } } } };

/** The message of the UsageError that a call ends with. */
async function problemOf(call: () => unknown): Promise<string> {
  try {
    await call();
  } catch (error) {
    return error instanceof UsageError ? error.message : `another error: ${String(error)}`;
  }
  return "no error";
}

const WRONG_BOOTS: readonly [args: unknown[], problem: RegExp][] = [
  [[], /^boot: found the manifest undefined, allowed is a path or an object$/],
  [[42], /^boot: found the manifest 42, /],
  [[null], /^boot: found the manifest null, /],
  [[[]], /^boot: found the manifest \[\], /],
  [[() => 1], /^boot: found the manifest \[Function/],
  [[MANIFEST, 5], /^boot: found the options 5, allowed is an object with baseDir, .*seed/],
  [[MANIFEST, null], /^boot: found the options null, /],
  [[MANIFEST, { sead: 1 }], /^boot: found the option "sead", .*did you mean "seed"/],
  [[MANIFEST, { seed: "1" }], /^boot: found seed '1', allowed is a number$/],
  [[MANIFEST, { seed: NaN }], /^boot: found seed NaN, /],
  [[MANIFEST, { spinMax: -1 }], /^boot: found spinMax -1, allowed is a whole number from 0 on$/],
  [[MANIFEST, { spinMax: 0.5 }], /^boot: found spinMax 0.5, /],
  [[MANIFEST, { platform: 1 }], /^boot: found platform 1, allowed is a string$/],
  [[MANIFEST, { baseDir: new URL("file:///x") }], /^boot: found baseDir URL/],
  [[MANIFEST, { log: "info" }], /^boot: found log 'info', allowed is an object with "level", one/],
  [[MANIFEST, { log: { level: "loud" } }], /^boot: found log { level: 'loud' }, /],
  [[MANIFEST, { log: { tasks: "one" } }], /^boot: found log { tasks: 'one' }, /],
];

test("boot: a wrong argument is named", async (t) => {
  for (const [args, problem] of WRONG_BOOTS) {
    const call = (): unknown => (boot as (...values: unknown[]) => unknown)(...args);
    t.match(await problemOf(call), problem);
  }
});

test("boot: what is left out, or undefined, is its default", async (t) => {
  const options = { seed: undefined, spinMax: undefined } as object;
  t.equal(await problemOf(() => boot(MANIFEST, options)), "no error");
});

test("boot: an option of another name is its caller's own", async (t) => {
  const options = { isVerbose: true, constructor: 1 } as object;
  t.equal(await problemOf(() => boot(MANIFEST, options)), "no error");
});

const WRONG_FAULTS: readonly [(system: System) => unknown[], problem: RegExp][] = [
  [() => [], /^injectFaults: found the system undefined, allowed is what boot\(\) resolves to$/],
  [(system) => [Promise.resolve(system), [], 1], /^injectFaults: found the system Promise/],
  [() => [{}, [], 1], /^injectFaults: found the system \{\}, /],
  [(system) => [system, "kill:one:2s", 1], /^injectFaults: found the plan 'kill:one:2s', .*list/],
  [(system) => [system, [5], 1], /^injectFaults: found the plan \[ 5 \], /],
  [(system) => [system, []], /^injectFaults: found the seed undefined, allowed is a number$/],
  [(system) => [system, [], "1"], /^injectFaults: found the seed '1', /],
  [(system) => [system, ["kill:two:2s"], 1], /found task "two", allowed is one/],
];

test("injectFaults: a wrong argument is named", async (t) => {
  const system = await boot(MANIFEST);
  for (const [argsFor, problem] of WRONG_FAULTS) {
    const args = argsFor(system);
    const call = (): unknown => (injectFaults as (...values: unknown[]) => unknown)(...args);
    t.match(await problemOf(call), problem);
  }
});

test("injectFaults: ends when its system is stopped", async (t) => {
  const system = await boot(MANIFEST);
  const faults = injectFaults(system, ["kill:one:1ms"], 1);
  const killed = new Promise((resolve) => system.once("death", resolve));
  await system.start();
  await killed;
  await system.stop();
  const { injected } = faults;
  t.equal(system.listenerCount("stop"), 0, "it listens to it no more");
  await system.start();
  const isReady = (): boolean => system.ps()[0]!.state === "RECEIVE";
  while (!isReady()) await new Promise((resolve) => setTimeout(resolve, 5));
  // Nothing is due: the process would end by itself if the task did.
  await new Promise((resolve) => setTimeout(resolve, 50));
  t.equal(faults.injected, injected, "also when that starts again");
  await system.stop();
});
