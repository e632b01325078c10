/**
 * Drivers of the SDK, unchanged, on the simulated board: thermometers by three makers are read, put
 * to sleep, read from there, and interrupt; and when their device does not answer their task dies,
 * and its next life measures.
 */
import { fileURLToPath } from "node:url";
import test from "tape";
import { boot, type System } from "reattach/node";
import { Patience, watch } from "../../patience.js";
import { SAMPLE, SLEEP } from "./fixtures/drivers/commands.js";

const FOLDER = fileURLToPath(new URL("./fixtures/drivers", import.meta.url));

/** Each with the part of the board that it is for, and what its kind of fault says. */
const DRIVERS: readonly [driver: string, part: string][] = [
  ["tmp102", "i2c.0x48"],
  ["lm75", "i2c.0x49"],
  ["tmp117", "i2c.0x4a"],
];

/** How long the task may take to tell something. */
const LIMIT_MS = 20_000;

/** What the task tells, in order. */
class Told {
  readonly #told: unknown[] = [];
  #wake: () => void = () => undefined;

  constructor(system: System) {
    system.on("log", (name, _level, text) => {
      if (name !== "driver") return;
      this.#told.push(JSON.parse(text));
      this.#wake();
    });
  }

  /** The next that is told; rejects when it does not come. */
  async next(): Promise<unknown> {
    if (this.#told.length === 0) await this.#more();
    return this.#told.shift();
  }

  #more(): Promise<void> {
    return new Promise((resolve, reject) => {
      const endWatch = watch(new Patience(LIMIT_MS), () => reject(new Error("nothing is told")));
      this.#wake = () => {
        endWatch();
        resolve();
      };
    });
  }
}

for (const [driver, part] of DRIVERS) {
  test(`drivers: the SDK's ${driver} runs unchanged on the simulated board`, async (t) => {
    const system = await boot({
      include: [`$(MODDABLE)/modules/drivers/sensors/${driver}/manifest.json`],
      modules: { "*": [`${FOLDER}/${driver}`, `${FOLDER}/board`] },
      config: {
        reattach: { hardware: "board", tasks: { driver: { module: driver } } },
      },
    });
    t.teardown(() => system.stop());
    const told = new Told(system);
    const { hardware } = system;
    const command = async (byte: number): Promise<unknown> => {
      await hardware.send(1, [byte]);
      return told.next();
    };
    await hardware.control("set", 21.5);
    await system.start();
    t.deepEqual(await told.next(), { event: "open" });
    t.deepEqual(await command(SAMPLE), { celsius: 21.5 });
    await hardware.control("set", -10.25);
    t.deepEqual(await command(SAMPLE), { celsius: -10.25 }, "below zero");
    t.deepEqual(await command(SLEEP), { event: "asleep" });
    t.deepEqual(await command(SAMPLE), { celsius: -10.25 }, "it wakes for a sample");
    await hardware.drive(4, 0);
    t.deepEqual(await told.next(), { event: "alert" }, "its line interrupts");
    const died = new Promise<string>((resolve) =>
      system.on("death", (death) => resolve(death.text)),
    );
    await hardware.fault("nack", part);
    t.deepEqual(await command(SAMPLE), { event: "open" }, "the next life");
    t.match(await died, /failed[\s\S]*modules\/drivers\/sensors\//, "it died inside of the driver");
    t.deepEqual(await command(SAMPLE), { celsius: -10.25 });
    t.deepEqual(await hardware.faults(), { [part]: { nack: 1 } });
  });
}
