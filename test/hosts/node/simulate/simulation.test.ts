/**
 * What a program finds in a simulation, and what becomes of it there.
 */
import test, { type Test } from "tape";
import type { Simulation } from "../../../../hosts/node/simulate/main/simulation.js";
import type { Prepared } from "../../../../hosts/node/simulate/prepare.js";
import { folderOf } from "../temp-folder.js";
import { prepare } from "./prepared.js";

const AT_ONCE = { minRun_ms: 0, backoff_ms: 0, intensity: 0, escalate: [] };

/** An application of one task, with this program. */
function oneTask(t: Test, program: string, more: object = {}): Promise<Prepared> {
  const tasks = { only: { module: "only", restart: AT_ONCE, ...more } };
  const manifest = { modules: { "*": ["./only"] }, config: { reattach: { tasks } } };
  return prepare(folderOf(t, { "manifest.json": manifest, "only.ts": program }));
}

/** All lines of a simulation, as they come. */
function linesOf(simulation: Simulation): string[] {
  const lines: string[] = [];
  simulation.on("log", ({ task, text }) => void lines.push(`${task}: ${text}`));
  return lines;
}

const CLOCK = `
import { delay } from "reattach";
import { randomBytes, randomUUID } from "node:crypto";
import Timer from "timer";

export async function main() {
  const began = performance.now();
  const today = Date.now();
  delay(3_600_000);
  const passed_s = Math.round((performance.now() - began) / 1000);
  console.log("delay", passed_s, Date.now() - today >= 3_600_000);
  await new Promise((done) => setTimeout(done, 86_400_000));
  console.log("timer", Math.round((performance.now() - began) / 3_600_000));
  const bytes = randomBytes(4).toString("hex");
  console.log(new Date().getUTCFullYear(), Math.random(), randomUUID(), bytes);
  console.log(crypto.getRandomValues(new Uint8Array(4)).join());
  let rounds = 0;
  Timer.repeat((timer) => {
    if (++rounds < 3) return;
    Timer.clear(timer);
    console.log("Timer", rounds);
  }, 60_000);
}
`;

test("simulation: a day passes at once, and chance is the seed's", async (t) => {
  const app = await oneTask(t, CLOCK);
  const run = async (seed: number): Promise<string[]> => {
    await using simulation = await app.start({ seed });
    const lines = linesOf(simulation);
    const hasEnded = await simulation.until(
      () => simulation.system.ps()[0]!.state === "STOPPED",
      2 * 86_400_000,
    );
    t.ok(hasEnded, "it ends");
    t.equal(Math.round(simulation.now_ms / 3_600_000), 25, "25 hours have passed");
    return lines;
  };
  const lines = await run(7);
  t.equal(lines[0], "only: delay 3600 true");
  t.equal(lines[1], "only: timer 25");
  t.match(lines[2]!, /^only: 2030 0\.\d+ [0-9a-f-]{36} [0-9a-f]{8}$/);
  t.equal(lines[4], "only: Timer 3");
  t.deepEqual(await run(7), lines, "the same seed, the same lines");
  t.notDeepEqual(await run(8), lines, "another seed, other lines");
  await app.stop();
});

test("simulation: what is real is refused, and says what to do; or is let through", async (t) => {
  const app = await oneTask(
    t,
    `import { readFileSync, writeFileSync } from "node:fs";
     export function main() {
       console.log(readFileSync(new URL("./manifest.json", import.meta.url), "utf8").length > 0);
       writeFileSync("/dev/null", "");
     }`,
    { restart: { when: "never" } },
  );
  await using refused = await app.start({ seed: 1 });
  const lines = linesOf(refused);
  t.ok(await refused.until(() => refused.deaths.length > 0, 1_000), "it dies");
  t.deepEqual(lines, ["only: true"], "its own files it may read");
  const { cause, text } = refused.deaths[0]!;
  t.equal(cause, "throw");
  t.match(text, /the task only uses node:fs\.writeFileSync, which is real in simulated time: give/);
  t.match(text, /only\.ts:4/, "with its place in the source");
  await refused.close();

  await using allowed = await app.start({ seed: 1, allowsIo: true });
  const warned = linesOf(allowed);
  await allowed.advance(1_000);
  t.equal(allowed.deaths.length, 0);
  t.match(warned[1]!, /it uses node:fs\.writeFileSync, which is real: this run will not repeat/);
  await app.stop();
});

test("simulation: a program that does not come to the kernel any more ends the run", async (t) => {
  const app = await oneTask(t, "export function main() { for (;;); }");
  await using simulation = await app.start({ seed: 1, patience_ms: 1_000 });
  try {
    await simulation.advance(1_000);
    t.fail("it goes on");
  } catch (error) {
    t.equal((error as Error).name, "BrokenRun");
    t.equal((error as { task?: string }).task, "only");
  }
  await app.stop();
});

const DYING = `
let isLeft = false;
export function main() {
  process.on("exit", () => console.log("never"));
  try {
    for (;;) {
      setTimeout(() => undefined, 1);
      if (performance.now() < 0) break;
    }
  } catch {
    console.log("caught");
  } finally {
    console.log("finally");
  }
}
`;

test("simulation: a killed task runs nothing more, and its thread has the next life", async (t) => {
  const app = await oneTask(t, DYING);
  await using simulation = await app.start({ seed: 3 });
  const lines = linesOf(simulation);
  for (let kill = 0; kill < 20; kill++) {
    await simulation.until(() => simulation.system.isRunning("only"));
    await simulation.kill("only");
  }
  t.equal(simulation.deaths.length, 20);
  t.deepEqual(lines, [], "no catch, no finally, no listener");
  await app.stop();
});

const NAMED = `
export function main(name) {
  console.log(name);
  setInterval(() => undefined, 1_000);
}
`;

test("simulation: who dies before its first turn leaves nothing to the next life", async (t) => {
  const task = (args: string): object => ({ module: "named", args, restart: AT_ONCE });
  const tasks = { one: task("one"), other: task("other") };
  const manifest = { modules: { "*": ["./named"] }, config: { reattach: { tasks } } };
  const files = { "manifest.json": manifest, "named.ts": NAMED };
  const app = await prepare(folderOf(t, files));
  await using simulation = await app.start({ seed: 4, preemption: 0 });
  const lines = linesOf(simulation);
  await simulation.until(() => lines.length === 2);
  const names = ["one", "other"];
  let caught = 0;
  for (let kill = 0; kill < 20; kill++) {
    await Promise.all(names.map((name) => simulation.kill(name)));
    for (const name of names) {
      // It was admitted in this turn of the main VM, and has had none of its own.
      if (await simulation.until(() => simulation.slow(name, 1_000), 200)) caught++;
    }
  }
  await simulation.advance(10_000);
  t.ok(caught > 2, `${caught} of 40 before their first turn`);
  t.deepEqual([...new Set(lines)].sort(), ["one: one", "other: other"], "each runs as itself");
  await app.stop();
});

const SERVER = `
import { createMsgInfo, MsgReceive, MsgReply, name_attach } from "reattach";
export function main() {
  const chid = name_attach(null, "echo", 0);
  const message = new Uint8Array(8);
  const info = createMsgInfo();
  for (;;) {
    const rcvid = MsgReceive(chid, message, 8, info);
    if (rcvid > 0) MsgReply(rcvid, 7, message, info.msglen);
  }
}
`;

test("simulation: a standby takes over, the board restarts, and the main VM calls", async (t) => {
  const app = await oneTask(t, SERVER, { standby: true, services: ["echo"] });
  await using simulation = await app.start({ seed: 5 });
  const reboots: string[] = [];
  simulation.on("reboot", (reason) => void reboots.push(reason));
  const isReady = (): boolean => simulation.system.ps()[0]!.standby === "ready";
  t.ok(await simulation.until(isReady, 1_000), "one stands by");
  await simulation.kill("only");
  const killed_ms = simulation.now_ms;
  t.ok(await simulation.until(() => simulation.system.isRunning("only"), 1_000));
  t.ok(simulation.now_ms - killed_ms < 15, "sooner than a thread starts");
  const ask = (): ReturnType<Simulation["call"]> =>
    simulation.call("echo", Uint8Array.of(1, 2, 3), new Uint8Array(3));
  const { status, reply } = await ask();
  t.equal(status, 7);
  t.deepEqual([...reply], [1, 2, 3]);
  t.equal(await simulation.settled(simulation.system.reboot("asked to")), "done");
  t.deepEqual(reboots, ["asked to"]);
  t.equal((await ask()).status, 7, "also after a restart of the board");
  t.deepEqual(simulation.problems, []);
  await app.stop();
});

const READER = `
import Digital from "embedded:io/digital";
import { delay } from "reattach";
export function main() {
  const pin = new Digital({ pin: 4, mode: Digital.Input });
  for (let i = 1; i <= 20; i++) {
    delay(10);
    pin.read();
  }
  console.log("read");
}
`;

test("simulation: who waits for the board is woken where wake-ups are lost", async (t) => {
  const tasks = { only: { module: "only", restart: AT_ONCE } };
  const reattach = { tasks, hardware: "board" };
  const app = await prepare(
    folderOf(t, {
      "manifest.json": { modules: { "*": ["./only", "./board"] }, config: { reattach } },
      "only.ts": READER,
      "board.ts": "export default () => ({ pins: { 4: { level: 1 } } });",
    }),
  );
  await using simulation = await app.start({ seed: 6 });
  simulation.loseWakeUps(1);
  const lines = linesOf(simulation);
  t.ok(await simulation.until(() => lines.length > 0, 60_000));
  t.deepEqual(lines, ["only: read"]);
  await app.stop();
});

test("simulation: one at a time in a thread", async (t) => {
  const app = await oneTask(t, SERVER);
  await using simulation = await app.start({ seed: 1 });
  try {
    await app.start({ seed: 2 });
    t.fail("there are two");
  } catch (error) {
    t.match((error as Error).message, /close\(\) it first/);
  }
  await simulation.close();
  await (await app.start({ seed: 2 })).close();
  await app.stop();
});
