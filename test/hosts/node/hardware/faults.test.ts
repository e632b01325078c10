/**
 * Faults of the simulated board by plan: in a program, and from the command line.
 */
import { fileURLToPath } from "node:url";
import test from "tape";
import { injectFaults } from "reattach/node";
import { Patience } from "../../../patience.js";
import { reattach } from "../run-process.js";
import { folderOf } from "../temp-folder.js";
import { play } from "./play.js";

const BOARD = fileURLToPath(new URL("./fixtures/board.ts", import.meta.url));

test("injectFaults: parts of the board fail at their times, until it is stopped", async (t) => {
  const open = ["open", "memory", "SMBus", { data: 21, clock: 22, hz: 100_000, address: 0x50 }];
  const { system } = await play(t, { task: [open] });
  const before = injectFaults(system, ["noise:pin.4:1ms"], 1);
  await system.start();
  const patience = new Patience(10_000);
  let noise = 0;
  while (noise < 20 && !patience.isOver) {
    noise = (await system.hardware.faults())["pin.4"]?.noise ?? 0;
  }
  t.ok(noise >= 20, `${noise} disturbances`);
  before.stop();
  t.ok(before.injected >= noise, `${before.injected} injected`);
  const { rises, falls, level } = await system.hardware.pin(4);
  t.equal(rises, falls, "there and back");
  t.equal(level, 1);
  t.throws(() => injectFaults(system, ["nack:pin.4:1s"], 1), /found kind "nack" for pin\.4/);
});

/** Asks its thermometer again and again, and tells what is wrong with the answers. */
const DRIVER = `
  import SMBus from "embedded:io/smbus";
  import Timer from "timer";
  export function main() {
    const io = new SMBus({ data: 21, clock: 22, hz: 100000, address: 0x48, timeout: 5 });
    Timer.repeat(() => {
      try {
        if (io.readUint16(0, true) !== 0x1900) console.log("this is no temperature");
      } catch (error) {
        console.log(error.message);
      }
    }, 2);
  }`;

test("reattach run --fault: of the board, by the description's names", async (t) => {
  const folder = folderOf(t, {
    "manifest.json": {
      modules: { "*": "./driver" },
      platforms: {
        node: { modules: { board: BOARD }, config: { reattach: { hardware: "board" } } },
      },
      config: { reattach: { tasks: { driver: { module: "driver" } } } },
    },
    "driver.js": DRIVER,
  });
  const faults = ["--fault", "nack:i2c.72:40ms", "--fault", "noise:i2c.0x48:40ms"];
  const run = reattach(["run", folder, "--seed", "1", "--json", ...faults]);
  await run.seen(/writeRead failed/);
  await run.seen(/this is no temperature/);
  run.child.kill("SIGINT");
  const { code, stdout } = await run.ended;
  const { injected } = JSON.parse(stdout) as { injected: number };
  t.ok(injected >= 2, `${injected} faults`);
  t.equal(code, 0, "of which nobody died");
  const wrong = await reattach(["run", folder, "--fault", "nack:i2c.0x22:1s"]).ended;
  t.equal(wrong.code, 2);
  t.match(wrong.stderr, /found part "i2c.0x22", allowed are i2c.0x48, i2c.0x50/);
});
