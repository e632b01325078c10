/**
 * `npm run chip`: an application on the emulated chip, from the command line. cli.verify.ts has
 * what takes longer.
 */
import test from "tape";
import type { ChipReport } from "../../../hosts/xs-chip/cli/report.js";
import { missing } from "../xs-linux/host.js";
import { CHIP } from "./chip.js";
import { chip, chipOn, isClose, NEVER, report, STATION } from "./chip-command.js";

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
