/**
 * Live reload: what is saved replaces what runs, and nobody else notices.
 */
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import test from "tape";
import { lab, manifest, server, SERVER_TASK } from "./lab.js";

const STANDBY = { server: { ...SERVER_TASK, standby: true }, client: { module: "client" } };
const CLIENT_TASK = { client: { module: "client" } };

test("reload: a saved server is replaced, and its client keeps its connection", async (t) => {
  const { system, save, until, ...rest } = bound(await lab(t));
  const before = rest.statusOf("client");
  const first = await until(/^\[client\]/, 0);
  t.match(await save({ "server.ts": server(2) }, /^\[client\]/), /^\[client\] 0 2 /);
  t.equal(rest.seen.filter((line) => line.startsWith("[client]")).length, 2, "and nothing else");
  t.equal(rest.coidIn(first), rest.coidIn(rest.seen.find((line) => line.includes(" 0 2 "))!));
  t.match(await until(/server replaced/, 0), /replaced: \d+ ms from the save to its first answer/);
  t.deepEqual(rest.deaths, [], "no death");
  t.equal(rest.statusOf("server").lastDeath, null);
  t.equal(rest.statusOf("client").pid, before.pid, "the client runs on");
  const step = rest.news.find((news) => news.step === "replaced")!;
  t.deepEqual(step.files, [join(rest.folder, "server.ts")]);
  t.equal(step.step === "replaced" && step.since, "answer");
  t.equal(system.state, "running");
});

test("reload: with a standby too, which then is of the new code", async (t) => {
  const { system, save, until, seen } = bound(await lab(t, { "manifest.json": manifest(STANDBY) }));
  await save({ "server.ts": server(2) }, /^\[client\] 0 2 /);
  while (system.ps()[0]!.standby !== "ready") await new Promise((go) => setTimeout(go, 5));
  const from = seen.length;
  await system.kill("server");
  await until(/^ready of server/, from);
  await save({ "server.ts": server(3) }, /^\[client\] 0 3 /);
  t.notOk(
    seen.slice(from).some((line) => line.startsWith("[client] 0 1")),
    "the one that stood by has not the old code",
  );
});

test("reload: what does not compile is told, and the old code runs on", async (t) => {
  const { system, save, until, seen, deaths, news } = bound(await lab(t));
  await save({ "server.ts": "export function main( {" }, /^\[main\] the old code runs on/);
  t.match(seen.at(-1)! + seen.at(-2)!, /server\.ts:1:24: /, "with its place");
  const pid = system.ps()[0]!.pid;
  await system.kill("server");
  await until(/^ready of server/, 0);
  await until(/^start of server/, 2);
  t.notEqual(system.ps()[0]!.pid, pid);
  t.deepEqual(deaths, ["server: killed"], "it is the old code that is started again");
  await save({ "server.ts": server(2) }, /^\[client\] 0 2 /);
  t.deepEqual(
    news.map(({ step }) => step).filter((step) => step !== "replaced"),
    ["failed", "compiled"],
  );
});

test("reload: a task without main() is refused", async (t) => {
  const { save } = bound(await lab(t));
  t.match(await save({ "server.ts": "export {};" }, /^\[main\] the old/), /exports no main\(\)/);
});

test("reload: a standby that cannot be loaded is refused, and the old one stands by", async (t) => {
  const { system, save, news, deaths } = bound(
    await lab(t, { "manifest.json": manifest(STANDBY) }),
  );
  while (system.ps()[0]!.standby !== "ready") await new Promise((go) => setTimeout(go, 5));
  const failing = `throw new RangeError("on loading");\n${server(2)}`;
  t.match(await save({ "server.ts": failing }, /^\[main\] the old/), /RangeError: on loading/);
  t.equal(system.ps()[0]!.standby, "ready", "the old one stands by");
  t.deepEqual(deaths, []);
  t.deepEqual(
    news.map(({ step }) => step),
    ["failed"],
  );
  await save({ "server.ts": server(3) }, /^\[client\] 0 3 /);
});

test("reload: of a reload that failed for one task nothing stands by for another", async (t) => {
  const tasks = { server: SERVER_TASK, client: { module: "client", standby: true } };
  const { system, save, until, seen } = bound(await lab(t, { "manifest.json": manifest(tasks) }));
  const failing = 'throw new RangeError("on loading");\nexport function main() {}';
  await save({ "server.ts": server(2), "client.ts": failing }, /^\[main\] the old/);
  t.equal(system.ps()[0]!.standby, "none");
  const from = seen.length;
  await system.kill("server");
  await until(/^ready of server/, from);
  t.notOk(
    seen.some((line) => line.startsWith("[client] 0 2")),
    "the old code runs on",
  );
});

test("reload: a module that loops while it is loaded is given up for the next save", async (t) => {
  const { save, deaths } = bound(await lab(t, { "manifest.json": manifest(STANDBY) }));
  const looping = `console.log("loops"); for (;;);\n${server(2)}`;
  await save({ "server.ts": looping }, /^\[server\] loops/);
  await save({ "server.ts": server(3) }, /^\[client\] 0 3 /);
  t.deepEqual(deaths, []);
});

test("reload: comments and types replace nobody", async (t) => {
  const { save, news } = bound(await lab(t));
  await save({ "server.ts": `${server(1)}\ninterface More {}\n// more` }, /^\{unchanged\}/);
  t.deepEqual(
    news.map(({ step }) => step),
    ["unchanged"],
  );
});

test("reload: of two saves in a row the last one runs", async (t) => {
  const { save, write, until, seen, deaths } = bound(await lab(t));
  for (let version = 2; version <= 6; version++) {
    write({ "server.ts": server(version) });
    await new Promise((go) => setTimeout(go, 40 * (version % 3)));
  }
  await save({ "server.ts": server(7) }, /^\[client\] 0 7 /);
  await until(/^\{replaced\}/, seen.findIndex((line) => line.startsWith("[client] 0 7")) - 8);
  t.deepEqual(deaths, []);
});

test("reload: a file that a program begins to import is watched, and not after that", async (t) => {
  const { save, news, folder } = bound(await lab(t));
  const importing = server("version", "", 'import { version } from "./deep/version.js";');
  await save({ "server.ts": importing }, /the old code.*Could not resolve/s);
  mkdirSync(join(folder, "deep"));
  await save({ "deep/version.ts": "export const version = 5;" }, /^\[client\] 0 5 /);
  await save({ "deep/version.ts": "export const version = 6;" }, /^\[client\] 0 6 /);
  await save({ "server.ts": server(7) }, /^\[client\] 0 7 /);
  const before = news.length;
  await save({ "deep/version.ts": "broken(", "server.ts": server(8) }, /^\[client\] 0 8 /);
  t.notOk(news.slice(before).some(({ step }) => step === "failed"));
});

test("reload: a file that is deleted is told; its task runs on", async (t) => {
  const { save, until, folder, statusOf } = bound(await lab(t));
  const { pid } = statusOf("server");
  rmSync(join(folder, "server.ts"));
  await until(/^\[main\] the old code runs on/);
  t.equal(statusOf("server").pid, pid);
  await save({ "server.ts": server(1) }, /^\{mended\}/);
  t.equal(statusOf("server").pid, pid, "it is as it was");
  await save({ "server.ts": server(2) }, /^\[client\] 0 2 /);
});

test("reload: that a module is deleted which nobody imports stops nothing", async (t) => {
  const { save, folder } = bound(await lab(t, { "unused.ts": "export const unused = 1;" }));
  rmSync(join(folder, "unused.ts"));
  await save({ "server.ts": server(2) }, /^\[client\] 0 2 /);
});

test("reload: a held task stays so, and has the new code when it is released", async (t) => {
  const { system, save, until, seen } = bound(await lab(t));
  system.hold("server");
  await system.kill("server");
  await save({ "server.ts": server(2) }, /^\{waiting\} server/);
  t.equal(system.ps()[0]!.state, "HELD");
  const from = seen.length;
  system.release("server");
  await until(/^\[client\] 0 2 /, from);
});

test("reload: a task that is to be held at its next death still is", async (t) => {
  const { system, save, until } = bound(await lab(t));
  system.hold("server");
  await save({ "server.ts": server(2) }, /^\[client\] 0 2 /);
  t.ok(system.ps()[0]!.isHeld);
  const gone = until(/^death of server/);
  await system.kill("server");
  await gone;
  t.equal(system.ps()[0]!.state, "HELD");
});

test("reload: a task that keeps crashing is started with its correction at once", async (t) => {
  const restart = { backoff_ms: 3_600_000, backoffMax_ms: 3_600_000 };
  const tasks = { server: { ...SERVER_TASK, restart }, ...CLIENT_TASK };
  const crashing = server(1, 'throw new Error("again");');
  const { save, statusOf } = bound(
    await lab(t, { "manifest.json": manifest(tasks), "server.ts": crashing }, /^death of server/),
  );
  while (statusOf("server").startsIn_ms! < 60_000) await new Promise((go) => setTimeout(go, 5));
  await save({ "server.ts": server(2) }, /^\[client\] 0 2 /);
  t.pass("an hour's pause was not waited for");
});

test("reload: a stopped task is not started", async (t) => {
  const { system, save } = bound(await lab(t));
  await system.stop("server");
  await save({ "server.ts": server(2) }, /^\{waiting\} server/);
  t.equal(system.ps()[0]!.state, "STOPPED");
});

/** The methods of a lab, to be taken apart. */
function bound(made: Awaited<ReturnType<typeof lab>>) {
  const { system, seen, deaths, news, folder } = made;
  return {
    system,
    seen,
    deaths,
    news,
    folder,
    coidIn: (line: string) => line.split(" ").at(-1),
    save: made.save.bind(made),
    write: made.write.bind(made),
    until: made.until.bind(made),
    statusOf: made.statusOf.bind(made),
  };
}
