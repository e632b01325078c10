/**
 * The driver of the soil's sensor: asks it over I2C for each message.
 *
 * The sensor misses a transfer now and then, or sends nonsense: that is asked again. When it hangs
 * it takes the bus with it, and the driver knows only one remedy: it dies. Its next life clears the
 * bus before it opens it.
 */
import I2C from "embedded:io/i2c";
import { serve } from "reattach/service";
import { clearBus } from "./bus.js";
import { CLOCK_PIN, DATA_PIN, SENSOR_ADDRESS } from "./pins.js";
import { Soil } from "./services.js";

/** How long a transfer may take; of its few bytes at this speed it takes less than one. */
const TRANSFER_MS = 10;
const BUS_HZ = 100_000;
/** Attempts at a reading. */
const ATTEMPTS = 3;
/** The register of the reading: two bytes, high one first, and the same two inverted. */
const MOISTURE = Object.freeze([0x00]);
const READING_BYTES = 4;

/** What ECMA-419 has and the SDK's types lack: how long a transfer may take. */
type I2COptions = ConstructorParameters<typeof I2C>[0] & { readonly timeout: number };

class Sensor {
  readonly #io: I2C;
  readonly #register = Uint8Array.from(MOISTURE);
  readonly #reading = new Uint8Array(READING_BYTES);

  constructor() {
    clearBus(DATA_PIN, CLOCK_PIN);
    const options: I2COptions = {
      data: DATA_PIN,
      clock: CLOCK_PIN,
      address: SENSOR_ADDRESS,
      hz: BUS_HZ,
      timeout: TRANSFER_MS,
    };
    this.#io = new I2C(options);
  }

  /** The moisture. Throws when the sensor does not come to its senses. */
  read(): number {
    for (let attempt = 1; ; attempt++) {
      try {
        return this.#ask();
      } catch (error) {
        if (attempt === ATTEMPTS) throw error;
      }
    }
  }

  #ask(): number {
    this.#io.write(this.#register);
    this.#io.read(this.#reading);
    const [high = 0, low = 0, notHigh = 0, notLow = 0] = this.#reading;
    if ((high ^ notHigh) !== 0xff || (low ^ notLow) !== 0xff) throw new Error("a reading is noise");
    return (high << 8) | low;
  }
}

/** Serves for ever. */
export function main(): void {
  const sensor = new Sensor();
  serve(Soil, { read: (_request, reply) => void (reply.moisture = sensor.read()) });
}
