/**
 * What `reattach new` can begin with: examples of this package, and what the files around them say.
 */

export interface Template {
  /** Its folder in this package. */
  readonly example: string;
  /** What happens to it in `npm start`: --fault options of `reattach run`. */
  readonly faults: readonly string[];
  /** Comments on `npm start` and `npm test`. */
  readonly start: string;
  readonly test: string;
  /** What its files are: lines of a README. */
  readonly files: string;
}

export const DEFAULT_TEMPLATE = "minimal";

/** By name. */
export const TEMPLATES: Readonly<Record<string, Template>> = {
  [DEFAULT_TEMPLATE]: {
    example: "examples/starter",
    faults: ["kill:sensor:3s", "kill:logbook:5s"],
    start: "in the simulator; the sensor and the logbook are killed all the time",
    test: "the same, and no note may be lost or count twice",
    files: `thermometer.ts, journal.ts   the services: what their messages hold
sensor.ts                    the driver of the sensor; pins.ts says where it is
logbook.ts                   counts each note once, whatever happens
panel.ts                     the client of both
board.ts                     the simulated board; main.ts starts a real one
manifest.json                tasks, memory, restart policies
simulation.ts                what must hold, whatever happens
test/                        kills tasks, and has the sensor fail
sensor.xs.ts                 tests on XS, where i2c-xs.ts stands for the bus`,
  },
  greenhouse: {
    example: "examples/greenhouse",
    faults: ["nack:i2c.0x36:1s", "hang:i2c.0x36:5s", "kill:valve:2s", "kill:controller:3s"],
    start: "in the simulator; tasks are killed and the bus fails all the time",
    test: "the same, and each watering opens the valve once",
    files: `services.ts     what the two drivers can be asked
sensor.ts       the driver of the soil's sensor: asks again, and dies when the bus hangs
bus.ts          clears a bus before it is opened
valve.ts        the driver of the valve: it opens once for each watering, wherever it dies
controller.ts   waters when the soil is dry; display.ts shows it
pins.ts         the wires of the board
board.ts        the simulated board; main.ts starts a real one
manifest.json   tasks, memory, restart policies
simulation.ts   what must hold, whatever happens
test/           kills tasks, and has the bus hang`,
  },
};
