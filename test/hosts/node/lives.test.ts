/**
 * The life of a task on real threads: a module that never finishes loading, services that come
 * late, a program that is changed while its start is called off.
 */
import { join } from "node:path";
import test from "tape";
import { boot, type System } from "reattach/node";
import { Patience } from "../../patience.js";
import { folderOf, writeFiles } from "./temp-folder.js";

const LOOPS = `import { ChannelCreate, MsgReceive } from "reattach";
const chid = ChannelCreate(0);
for (;;) MsgReceive(chid, null, 0, null);
export function main() {}`;

const SERVES = `import { delay, MsgReceive, name_attach } from "reattach";
export function main({ name, late_ms }) {
  delay(late_ms);
  const chid = name_attach(null, name, 0);
  for (;;) MsgReceive(chid, null, 0, null);
}`;

/** Longer than a thread takes to load on a busy machine, where it is to load at all. */
const SHORT_MS = 2_000;

async function systemOf(t: test.Test, tasks: Record<string, object>): Promise<System> {
  const folder = folderOf(t, { "loops.js": LOOPS, "serves.js": SERVES });
  const modules = { loops: join(folder, "loops"), serves: join(folder, "serves") };
  const system = await boot({ modules, config: { reattach: { tasks } } });
  system.on("log", () => undefined);
  return system;
}

async function until(isDone: () => boolean): Promise<void> {
  const patience = new Patience(20_000);
  while (!isDone()) {
    if (patience.isOver) throw new Error("it never happened");
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

test("load_ms: a module that never finishes loading is a death, and holds up nobody", async (t) => {
  const restart = { when: "never" };
  const system = await systemOf(t, {
    store: { module: "loops", load_ms: SHORT_MS, restart },
    app: { module: "serves", args: { name: "app", late_ms: 0 }, dependsOn: ["store"] },
  });
  const deaths: string[] = [];
  system.on("death", ({ name, cause, text }) => deaths.push(`${name} ${cause}: ${text}`));
  void system.start();
  await until(() => system.isRunning("app"));
  t.deepEqual(deaths, [`store hung: its program was not loaded within ${SHORT_MS} ms`]);
  await system.stop();
});

test("ready: when its services are attached; dependsOn waits for that", async (t) => {
  const system = await systemOf(t, {
    store: { module: "serves", args: { name: "shelf", late_ms: 100 }, services: ["shelf"] },
    app: { module: "serves", args: { name: "app", late_ms: 0 }, dependsOn: ["store"] },
  });
  const told: string[] = [];
  system.on("start", (name) => told.push(`start ${name}`));
  system.on("ready", (name) => {
    const { used } = system.usage().names;
    told.push(`ready ${name}${name === "store" ? `, ${used} name` : ""}`);
  });
  await system.start();
  await until(() => system.isRunning("app"));
  t.deepEqual(told, ["start store", "ready store, 1 name", "start app", "ready app"]);
  await system.stop();
});

test("restart: a start that is called off does not run its older program", async (t) => {
  const say = (text: string): string => `export function main() { console.log("${text}"); }`;
  const folder = folderOf(t, { "says.js": say("old") });
  const modules = { says: join(folder, "says") };
  const system = await boot({
    modules,
    config: { reattach: { tasks: { a: { module: "says" } } } },
  });
  const said: string[] = [];
  system.on("log", (_name, _level, text) => said.push(text));
  void system.start();
  // Its program is being compiled.
  const stopped = system.stop("a");
  writeFiles(folder, { "says.js": say("new") }, new Date());
  void system.start("a");
  await stopped;
  await until(() => said.length > 0);
  t.deepEqual(said, ["new"]);
  await system.stop();
});
