/**
 * Live reload: what a saved manifest, or another layout of a service, does to a board.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "tape";
import { injectFaults } from "reattach/node";
import { lab, manifest, server, SERVER_TASK } from "./lab.js";

const CLIENT_TASK = { client: { module: "client" } };

test("reload: a changed restart policy takes effect at once", async (t) => {
  const own = await lab(t);
  const { system } = own;
  const pids = system.ps().map(({ pid }) => pid);
  const restart = { backoff_ms: 3_600_000, backoffMax_ms: 3_600_000, jitter: 0 };
  const changed = {
    "manifest.json": manifest({ server: { ...SERVER_TASK, restart }, ...CLIENT_TASK }),
  };
  await own.save(changed, /restart\.backoff_ms is 3600000, was 100$/);
  t.deepEqual(
    system.ps().map(({ pid }) => pid),
    pids,
  );
  t.equal(system.manifest.tasks[0]!.restart.backoff_ms, 3_600_000);
  const from = own.seen.length;
  await system.kill("server");
  await own.until(/^ready of server/, from);
  await system.kill("server");
  t.ok(own.statusOf("server").startsIn_ms! > 60_000, "the second pause is the new one");
});

test("reload: changed limits and a new task restart the board, and it says why", async (t) => {
  const own = await lab(t);
  const tasks = { server: SERVER_TASK, ...CLIENT_TASK, extra: { module: "extra" } };
  own.write({ "extra.ts": 'export function main() { console.log("extra runs"); }' });
  const saved = { "manifest.json": manifest(tasks, { limits: { names: 9 } }) };
  await own.save(saved, /^reboot/);
  const why = own.news.find(({ step }) => step === "restarted")!;
  t.equal("text" in why && why.text, "limits.names is 9, was 8; task extra is new");
  await own.until(/^\[extra\] extra runs/, 0);
  t.equal(own.system.layout.limits.names, 9);
  t.equal(own.system.ps().length, 3);
  await own.save({ "server.ts": server(2) }, /^\[client\] 0 2 /);
  t.deepEqual(own.deaths, []);
});

test("reload: a manifest that cannot be read is told, and all runs on", async (t) => {
  const own = await lab(t);
  const pids = own.system.ps().map(({ pid }) => pid);
  await own.save({ "manifest.json": "{" }, /^\[main\] the old code runs on/);
  await own.save(
    { "manifest.json": manifest({ server: { module: "sever" } }) },
    /did you mean "server"/,
  );
  t.deepEqual(
    own.system.ps().map(({ pid }) => pid),
    pids,
  );
  await own.save({ "manifest.json": manifest() }, /^\{mended\}/);
  t.deepEqual(
    own.system.ps().map(({ pid }) => pid),
    pids,
  );
});

test("reload: other arguments restart their task alone", async (t) => {
  const own = await lab(t, {
    "server.ts": server("number").replace("main()", "main({ number } = { number: 1 })"),
  });
  const { pid } = own.statusOf("client");
  const tasks = { server: { ...SERVER_TASK, args: { number: 9 } }, ...CLIENT_TASK };
  await own.save({ "manifest.json": manifest(tasks) }, /^\[client\] 0 9 /);
  t.equal(own.statusOf("client").pid, pid);
  t.deepEqual(own.deaths, []);
});

const SERVICE = (
  field: string,
): string => `import { call, defineService, ${field} } from "reattach/service";
export const Meter = defineService("meter", { read: call({}, { value: ${field} }) });`;

test("reload: a service with another layout restarts the board, and it says why", async (t) => {
  const serving = `import { serve } from "reattach/service";
    import { Meter } from "./meter.js";
    export const main = () => serve(Meter, { read: (_, reply) => void (reply.value = VALUE) });`;
  const own = await lab(
    t,
    {
      "manifest.json": manifest({ server: { module: "server", services: ["meter"] } }),
      "server.ts": serving.replace("VALUE", "1"),
      "meter.ts": SERVICE("u8"),
    },
    /^ready of server/,
  );
  await own.save({ "server.ts": serving.replace("VALUE", "2") }, /^\{replaced\} server/);
  await own.save({ "meter.ts": `${SERVICE("u8")}\nexport const more = 1;` }, /^\{unchanged\}/);
  await own.save({ "meter.ts": SERVICE("u16") }, /^reboot/);
  t.ok(own.seen.some((line) => line.includes("service meter has another layout")));
  t.deepEqual(own.deaths, []);
});

test("reload: faults of a task that the manifest has no more strike nobody", async (t) => {
  const made = await lab(t);
  const faults = injectFaults(made.system, ["kill:client:50ms", "kill:server:100ms"], 1);
  t.teardown(() => faults.stop());
  await made.save({ "manifest.json": manifest({ server: SERVER_TASK }) }, /^reboot$/);
  const struck: string[] = [];
  await new Promise<void>((resolve) => {
    faults.onStrike((_fault, target) => struck.push(target) === 3 && resolve());
  });
  t.deepEqual(struck, ["server", "server", "server"]);
});

test("reload: a simulated board that the manifest gets is there with the next start", async (t) => {
  const made = await lab(t, { "board.ts": "export default () => undefined;" });
  const faults = injectFaults(made.system, [], 1);
  t.teardown(() => faults.stop());
  const platforms = { node: { config: { reattach: { hardware: "board" } } } };
  await made.save({ "manifest.json": { ...manifest(), platforms } }, /^\{applied\}/);
  t.deepEqual(faults.parts, []);
});

test("reload: a manifest saved between boot() and watchSources() is in force", async (t) => {
  const tasks = { server: SERVER_TASK, ...CLIENT_TASK, extra: { module: "extra" } };
  const saved = JSON.stringify(manifest(tasks, { limits: { names: 9 } }));
  const own = await lab(
    t,
    { "extra.ts": 'export function main() { console.log("extra runs"); }' },
    /^\[extra\] extra runs/,
    { beforeWatch: (folder) => writeFileSync(join(folder, "manifest.json"), saved) },
  );
  t.equal(own.system.layout.limits.names, 9);
  t.deepEqual(own.deaths, []);
});

test("reload: a manifest broken between boot() and watchSources() is told", async (t) => {
  const own = await lab(t, {}, undefined, {
    beforeWatch: (folder) => writeFileSync(join(folder, "manifest.json"), "{"),
  });
  await own.until(/^\[main\] the old code runs on/, 0);
  await own.save({ "manifest.json": manifest() }, /^\{mended\}/);
});
