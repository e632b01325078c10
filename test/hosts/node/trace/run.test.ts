/**
 * `reattach run --trace`: a file that opens, of an application whose tasks die.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import test from "tape";
import { reattach } from "../run-process.js";
import { folderOf } from "../temp-folder.js";
import { ECHO_APP, runEcho } from "./echo-app.js";
import { problemsIn, type TraceEvent } from "./format.js";

test("run --trace: a file by the rules, with deaths, recoveries and messages in it", async (t) => {
  const folder = folderOf(t, ECHO_APP);
  const file = join(folder, "trace.json");
  const { code, stderr } = await runEcho(folder, "--trace", file);
  t.equal(code, 0, stderr);
  const events = JSON.parse(readFileSync(file, "utf8")) as TraceEvent[];
  t.deepEqual(problemsIn(events).slice(0, 5), []);
  const count = (ph: string, name: RegExp): number =>
    events.filter((event) => event.ph === ph && name.test(event.name)).length;
  const arrows = count("s", /^message$/);
  t.ok(arrows > 20, `${arrows} messages`);
  t.ok(count("s", /^reply$/) >= arrows - 10, "nearly all were answered");
  t.ok(count("X", /^DEAD$/) > 0, "the server was dead");
  t.ok(count("i", /^death$/) > 0, "and main says why");
  t.ok(count("i", /^recovered$/) > 0, "its client has recovered");
  const names = events.filter(({ ph, name }) => ph === "M" && name === "process_name");
  t.deepEqual(
    names.slice(0, 4).map(({ args }) => args?.["name"]),
    ["board", "main", "server", "client"],
  );
});

test("run --trace: a file that cannot be written ends the run before it begins", async (t) => {
  const manifest = fileURLToPath(new URL("../fixtures/app", import.meta.url));
  const { code, stderr } = await reattach(["run", manifest, "--trace", "/nowhere/trace.json"])
    .ended;
  t.equal(code, 2);
  t.match(stderr, /trace: \/nowhere\/trace\.json cannot be written: ENOENT/);
});

test("run --trace: a mistake that ends the run at once loses no earlier trace", async (t) => {
  const folder = folderOf(t, { ...ECHO_APP, "trace.json": "[]" });
  const file = join(folder, "trace.json");
  const mistakes = [
    ["--log-task", "nobody"],
    ["--expect", "held:nobody"],
    ["--fault", "kill:nobody:1s"],
  ];
  for (const mistake of mistakes) {
    const { code } = await reattach(["run", folder, "--trace", file, ...mistake]).ended;
    t.equal(code, 2, mistake.join(" "));
  }
  writeFileSync(join(folder, "server.js"), "export function main( {");
  t.equal((await reattach(["run", folder, "--trace", file]).ended).code, 2, "does not compile");
  t.equal(readFileSync(file, "utf8"), "[]", "it is there as it was");
});

test("trace decode: a log without a trace loses no earlier file", async (t) => {
  const folder = folderOf(t, { "log.txt": "nothing of the kind", "out.json": "[]" });
  const [log, out] = [join(folder, "log.txt"), join(folder, "out.json")];
  t.equal((await reattach(["trace", "decode", log, "--out", out]).ended).code, 1);
  t.equal(readFileSync(out, "utf8"), "[]");
});
