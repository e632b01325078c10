/**
 * What the system shows of a task over all its lives, and who has ordered what.
 */
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import test from "tape";
import { boot, type System, type TaskDeath, type TaskStatus } from "reattach/node";
import { Patience } from "../../../patience.js";

const TASKS = fileURLToPath(new URL("../tasks", import.meta.url));

async function systemOf(
  tasks: Readonly<Record<string, { act: string; name?: string }>>,
): Promise<System> {
  const config = Object.fromEntries(
    Object.entries(tasks).map(([name, args]) => [name, { module: "tasks", args, priority: 12 }]),
  );
  const manifest = { modules: { tasks: TASKS }, config: { reattach: { tasks: config } } };
  const system = await boot(manifest);
  system.on("log", () => undefined);
  return system;
}

function taskIn(system: System, name: string): TaskStatus {
  return system.view().find((task) => task.name === name)!;
}

async function until(isSo: () => boolean): Promise<void> {
  const patience = new Patience(20_000);
  while (!isSo()) {
    if (patience.isOver) throw new Error(`never: ${String(isSo)}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

test("totals: what the dead have counted counts", async (t) => {
  const system = await systemOf({
    server: { act: "receiveOnly", name: "s" },
    client: { act: "ask", name: "s" },
  });
  await system.start();
  await until(() => taskIn(system, "server").counters.received === 1);
  const died = once(system, "death") as Promise<[TaskDeath]>;
  const started = once(system, "start");
  await system.kill("client");
  const [{ lifetime_ms }] = await died;
  t.ok(lifetime_ms > 0, `it lived ${lifetime_ms} ms`);
  t.equal(taskIn(system, "client").totals.sent, 1, "while there is none");
  await started;
  await until(() => taskIn(system, "client").state === "REPLY");
  const { counters, totals, crashes } = taskIn(system, "client");
  t.deepEqual([counters.sent, totals.sent, crashes], [1, 2, 1]);
  t.equal(taskIn(system, "server").totals.received, 2);
  await system.stop();
  t.equal(taskIn(system, "client").totals.sent, 2, "and a stop takes nothing away");
});

test("view: the main VM is a task, and priorities are as declared", async (t) => {
  const system = await systemOf({ server: { act: "receiveOnly", name: "s" } });
  await system.start();
  const [main, server] = system.view();
  t.deepEqual([main?.name, main?.restarts, main?.isHeld], ["main", 0, false]);
  t.deepEqual([server?.name, server?.basePriority], ["server", 12]);
  await system.stop();
});

test("order: who wants what, before what follows from it", async (t) => {
  const system = await systemOf({ server: { act: "receiveOnly", name: "s" } });
  const heard: string[] = [];
  await system.start();
  await until(() => system.isRunning("server"));
  system.on("order", (order, name, by) => heard.push(`${by}: ${order} ${name}`));
  system.on("death", ({ name, cause }) => heard.push(`${name} ${cause}`));
  system.on("start", (name) => heard.push(`${name} starts`));
  await system.kill("server", "somebody");
  await until(() => system.isRunning("server"));
  system.hold("server");
  system.release("server");
  system.hang("server");
  await until(() => taskIn(system, "server").state === "HUNG");
  await system.stop("server");
  t.deepEqual(heard.slice(0, 3), ["somebody: kill server", "server killed", "server starts"]);
  t.deepEqual(heard.slice(3), [
    "program: hold server",
    "program: release server",
    "program: hang server",
    "program: stop server",
  ]);
  await system.stop();
});
