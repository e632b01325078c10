/**
 * `npm run chip`: an application on the emulated chip, from the command line.
 */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "tape";
import type { ChipReport } from "../../../hosts/xs-chip/cli/report.js";
import { missing } from "../xs-linux/host.js";
import { CHIP, CORTEX_M3 } from "./chip.js";

const ROOT = join(import.meta.dirname, "../../..");
const MAIN = join(ROOT, "hosts/xs-chip/cli/main.ts");
const STATION = "examples/weather-station";

interface Result {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const NEVER = (_log: string): boolean => false;

/** Runs the command. `isEnough`: then it gets what Ctrl-C sends, as the emulator does. */
function chip(
  args: readonly string[],
  isEnough = NEVER,
  path = process.env["PATH"],
): Promise<Result> {
  const words = ["--import", "tsx", MAIN, ...args];
  const env = { ...process.env, INIT_CWD: ROOT, PATH: path };
  const child = spawn(process.execPath, words, { cwd: ROOT, env, detached: true });
  let stdout = "";
  let stderr = "";
  let isInterrupted = false;
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
    if (isInterrupted || !isEnough(stderr)) return;
    isInterrupted = true;
    process.kill(-child.pid!, "SIGINT");
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, stdout, stderr }));
  });
}

async function report(args: readonly string[]): Promise<ChipReport & { stderr: string }> {
  const { stdout, stderr } = await chip([...args, "--json"]);
  return { ...(JSON.parse(stdout) as ChipReport), stderr };
}

/** Writes an application of one task, and runs the command on it. */
async function chipOn(task: string, config: object, args: readonly string[]): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), "reattach-app-"));
  try {
    const tasks = { only: { module: "task", ...config } };
    const manifest = { modules: { "*": "./task" }, config: { reattach: { tasks } } };
    writeFileSync(join(folder, "manifest.json"), JSON.stringify(manifest));
    writeFileSync(join(folder, "task.ts"), task);
    return await chip([folder, ...args]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function isClose(a: number, b: number, partOff: number): boolean {
  return Math.abs(a - b) <= partOff * b;
}

test("chip: what is wrong with a command line is told, with what is allowed", async (t) => {
  const wrong: [string[], RegExp][] = [
    [[], /found no <manifest>, which is required/],
    [[STATION, "--mhz", "fast"], /--mhz: found "fast", allowed is a number from 1 to 1000/],
    [[STATION, "--mhz=0"], /--mhz: found "0", allowed is a number from 1 to 1000/],
    [[STATION, "--ram", "8"], /--ram: found "8", allowed is a number from 64 to 16000/],
    [[STATION, "--chip=m3"], /--chip: found "m3", allowed are rv32imac, cortex-m3/],
    [[STATION, "--chip=cortex-m3", "--ram=16000"], /--ram: .* a number from 64 to 10000/],
    [[STATION, "--for", "soon"], /--for: found "soon", allowed is a number of seconds/],
    [[STATION, "--fro", "1s"], /found option --fro, allowed are .* \(did you mean "--for"\?\)/],
    [[STATION, "twice"], /found "twice", allowed is <manifest>/],
    [["no-such-folder"], /there is no such file/],
  ];
  for (const [args, sentence] of wrong) {
    const { code, stdout, stderr } = await chip(args);
    t.equal(code, 2, `${args.join(" ")}: exit code 2`);
    t.match(stderr, sentence, "and a sentence");
    t.doesNotMatch(stderr, /^ +at /m, "without a stack");
    t.equal(stdout, "", "nothing has run");
  }
});

test("chip: --help names each option, and where it works", async (t) => {
  const { code, stdout } = await chip(["--help"]);
  t.equal(code, 0, "exit code 0");
  for (const word of [
    "--chip",
    "--mhz",
    "--ram",
    "--for",
    "--platform",
    "--json",
    "clone",
    "Debian",
  ]) {
    t.ok(stdout.includes(word), word);
  }
});

test("chip: a module that only a board has is told before anything runs", async (t) => {
  const task =
    'import Digital from "pins/digital"; export function main() { Digital.write(1, 1); }';
  const { code, stderr } = await chipOn(task, {}, []);
  t.equal(code, 2, "exit code 2");
  t.match(stderr, /task\.ts: imports "pins\/digital", which the emulated chip does not have/);
});

test("chip: where the tools are missing it says which packages have them", async (t) => {
  const { code, stderr } = await chip([STATION], NEVER, "/nowhere");
  t.equal(code, 2, "exit code 2");
  t.match(stderr, /^chip: \S+ is not installed/m, "what is missing");
  t.match(stderr, /apt-get install gcc-riscv64-unknown-elf .*qemu-system-misc/, "where it is");
});

test("chip: the weather station: its log with times, and what each task takes", async (t) => {
  const why = missing(CHIP);
  if (why !== "") return t.skip(why);
  const found = await report([STATION, "--mhz", "160", "--for", "7s"]);
  t.ok(found.ok, "it runs well");
  t.equal(found.ending, "duration", "for as long as it was told");
  t.ok(found.simulated_ms >= 7_000 && found.simulated_ms < 7_010, `${found.simulated_ms} ms`);
  const lines = found.stderr.trim().split("\n").slice(1);
  const times = lines.map((line) => Number(/^ +(\d+\.\d{3}) {2}/.exec(line)?.[1]));
  t.ok(lines.length > 5 && lines.some((line) => line.includes("°C")), "there is a log");
  t.ok(
    times.every((time, i) => time >= (times[i - 1] ?? 0) && time <= 7.01),
    "each line has its time, and they are in order",
  );
  t.deepEqual(
    found.tasks.map(({ name, standsBy }) => (standsBy ? `${name}, standby` : name)),
    ["main", "sensor", "sensor, standby", "store", "station", "display", "guardian"],
    "main, the tasks in the order of the manifest, and the guardian",
  );
  const shares = found.tasks.reduce((sum, { share }) => sum + share, found.idle);
  t.ok(Math.abs(shares - 1) < 1e-9, `no instruction is left out, or counted twice: ${shares}`);
  for (const { name, share, stack, block, ram } of found.tasks) {
    t.ok(share > 0 && share < 1, `${name}: ${share} of the processor`);
    t.ok(stack.used > 0 && stack.used < stack.of, `${name}: stack ${stack.used} of ${stack.of}`);
    t.ok(ram >= block + stack.of, `${name}: ${ram} bytes in all, with block and stack`);
  }
  const of = (name: string): ChipReport["tasks"][number] =>
    found.tasks.find((task) => task.name === name && !task.standsBy)!;
  t.equal(of("store").block, 29_696, "store: the block that its manifest says");
  t.equal(of("sensor").block, 24_576, "sensor: the default");
  t.equal(of("sensor").restarts, 3, "sensor: killed each two seconds");
  t.equal(of("store").restarts, 2, "store: each three");
  t.equal(of("station").restarts, 0, "station: never");
  const held = found.tasks.reduce((sum, { ram }) => sum + ram, 0);
  t.ok(held <= found.ram.used, `all fit at a time: ${held} of ${found.ram.used} used at most`);
  t.ok(isClose(held, found.ram.used, 0.1), "and little else is in use");
  t.equal(found.ram.of, 400 * 1_024, "of 400 KB");
});

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
