/**
 * `npm run chip`: its clocks, the second chip, and how a run ends. cli.test.ts has the rest.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "tape";
import type { ChipReport } from "../../../hosts/xs-chip/cli/report.js";
import { missing } from "../xs-linux/host.js";
import { CHIP, CORTEX_M3 } from "./chip.js";
import { chip, chipOn, isClose, STATION } from "./chip-command.js";

test("chip: at any clock a second is as long, and has so many instructions", async (t) => {
  const why = missing(CHIP);
  if (why !== "") return t.skip(why);
  const task = `import { delay } from "reattach";
    export function main() { for (let i = 0; i < 100_000; i++); delay(Infinity); }`;
  const instructions: number[] = [];
  for (const mhz of [80, 160, 240, 240]) {
    const { stdout } = await chipOn(task, {}, ["--mhz", `${mhz}`, "--for", "2", "--json"]);
    const { tasks, simulated_ms } = JSON.parse(stdout) as ChipReport;
    t.ok(simulated_ms >= 2_000 && simulated_ms < 2_010, `${mhz} MHz: ${simulated_ms} ms`);
    const { share } = tasks.find(({ name }) => name === "only")!;
    instructions.push(Math.round(share * simulated_ms * 1_000 * mhz));
  }
  const [at80, at160, at240, again] = instructions as [number, number, number, number];
  t.ok(at80 > 1e6, `the same work: ${at80} instructions`);
  t.ok(isClose(at160, at80, 0.02), `at 160 MHz ${at160}`);
  t.ok(isClose(at240, at80, 0.02), `at 240 MHz ${at240}`);
  // The emulator is now and then some ten instructions off.
  t.ok(isClose(again, at240, 1e-4), `another run is the same: ${again}`);
});

test("chip: --chip cortex-m3: its seconds are as long, and its shares sum to 1", async (t) => {
  const why = missing(CORTEX_M3);
  if (why !== "") return t.skip(why);
  const task = `import { delay } from "reattach";
    export function main() {
      for (let i = 0; i < 100_000; i++);
      trace("done\\n");
      delay(Infinity);
    }`;
  const args = ["--chip", "cortex-m3", "--mhz", "160", "--for", "2", "--json"];
  const { stdout, stderr } = await chipOn(task, {}, args);
  const { chip: name, tasks, idle, simulated_ms } = JSON.parse(stdout) as ChipReport;
  t.equal(name, "cortex-m3", "it is the one");
  t.ok(simulated_ms >= 2_000 && simulated_ms < 2_010, `${simulated_ms} ms`);
  const time = Number(/^ +(\d+\.\d{3}) {2}done$/m.exec(stderr)?.[1]);
  const { share } = tasks.find((each) => each.name === "only")!;
  t.ok(isClose(time, share * 2, 0.25), `done after ${time} s: it had ${share} of two seconds`);
  const shares = tasks.reduce((sum, each) => sum + each.share, idle);
  t.ok(Math.abs(shares - 1) < 1e-9, `no instruction is left out, or counted twice: ${shares}`);
});

test("chip: an application that does not fit is told, and its exit code is 1", async (t) => {
  const why = missing(CHIP);
  if (why !== "") return t.skip(why);
  const { code, stdout, stderr } = await chip([STATION, "--ram", "200", "--for", "5s"]);
  t.equal(code, 1, "exit code 1");
  t.match(stderr, /xs-chip: fatal: .*no (memory|thread)/, "the log says so");
  t.match(stdout, /^RAM: [\d,]+ of 204,800 bytes at most/m, "the table is there");
  t.match(stdout, /^failed: .*: it does not fit into 200 KB of RAM$/m, "and why it has ended");
});

test("chip: a native stack that is too small is told, with the last records", async (t) => {
  const why = missing(CHIP);
  if (why !== "") return t.skip(why);
  // A callback that an array calls is a frame of C.
  const task =
    "const down = (n) => n > 0 && [n].forEach(() => down(n - 1));\n" +
    "export function main() { down(20); }";
  const { code, stdout, stderr } = await chipOn(task, { creation: { nativeStack: 4_096 } }, []);
  t.equal(code, 1, "exit code 1");
  // A frame that jumps over the end of the stack may be seen late: hosts/xs-chip/README.md.
  const told = /xs-chip: task \w+: (the native stack is full, at pc 0x8|FreeRTOS: )/;
  t.match(stderr, told, "the task, and where");
  t.match(stderr, /xs-chip: trace 1: \d+ ms, task main: start \d+ \(only\)$/m, "and the trace");
  t.match(stdout, /of its native stack was used$/m, "a hint at the table");
});

test("chip: Ctrl-C ends a run, and the table is printed", async (t) => {
  const why = missing(CHIP);
  if (why !== "") return t.skip(why);
  const task = `import { delay } from "reattach";
    export function main() { for (let n = 0; ; n++) { trace("round ", n, "\\n"); delay(10); } }`;
  const enough = (log: string): boolean => log.includes("round 20");
  const folder = mkdtempSync(join(tmpdir(), "reattach-app-"));
  const tasks = { only: { module: "task" } };
  const manifest = { modules: { "*": "./task" }, config: { reattach: { tasks } } };
  writeFileSync(join(folder, "manifest.json"), JSON.stringify(manifest));
  writeFileSync(join(folder, "task.ts"), task);
  const { code, stdout } = await chip([folder], enough);
  rmSync(folder, { recursive: true });
  t.equal(code, 0, "exit code 0");
  t.match(stdout, /^ended: signal; \d+\.\d{3} s simulated at 160 MHz$/m, "it says why it ended");
  t.match(stdout, /^only +\d+\.\d %/m, "and what the task took");
});

test("chip: a board that restarts is started again, and counted", async (t) => {
  const why = missing(CHIP);
  if (why !== "") return t.skip(why);
  // As its policy says the board restarts each time; after three in a row it is held instead.
  const task = `import { delay } from "reattach";
    export function main() { delay(100); throw new Error("too hot"); }`;
  const restart = { intensity: 0, period_ms: 60_000, escalate: ["board"], backoff_ms: 0 };
  const { stdout, stderr } = await chipOn(task, { restart }, ["--for", "3s", "--json"]);
  const { ok, reboots, simulated_ms } = JSON.parse(stdout) as ChipReport;
  t.ok(ok, stderr);
  t.equal(reboots, 3, "restarts of the board");
  t.equal(stderr.match(/-- the board restarts --$/gm)?.length, 3, "the log says so");
  t.match(stderr, /reattach: the board was restarted: /, "it knows why: its memory was kept");
  t.ok(simulated_ms >= 3_000 && simulated_ms < 3_010, `${simulated_ms} ms of all starts`);
});
