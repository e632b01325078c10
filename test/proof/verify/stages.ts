/**
 * What `npm run verify` goes through, in this order. Each stage runs in a process of its own.
 */

/** One row of the summary. */
export interface Stage {
  readonly name: string;
  /** What it shows. */
  readonly title: string;
  /** Words that pick its tests (test/run.ts). */
  readonly words: readonly string[];
  /** What makes its tests longer than in `npm test`. */
  readonly env?: Readonly<Record<string, string>>;
}

export const STAGES: readonly Stage[] = [
  {
    name: "model",
    title: "the protocol as a model, all its states",
    words: ["proof/model/"],
  },
  {
    name: "explore",
    title: "the kernel itself, all schedules of small scenarios",
    words: ["explore/explore.verify"],
  },
  {
    name: "native",
    title: "messages in C against messages in TypeScript",
    words: ["proof/native/", "xs-linux/sanitize"],
  },
  {
    name: "wrap",
    title: "every counter and clock, over every place where it begins again",
    words: ["proof/wrap/", "xs-linux/clock"],
    env: { WRAP_POWERS: "all" },
  },
  {
    name: "simulation",
    title: "a whole system with faults, in fake time",
    words: ["proof/simulation/"],
    env: { SIMULATION_HOURS: "2000" },
  },
  {
    name: "repeats",
    title: "runs of an application in simulated time, twice each",
    words: ["simulate/repeats.verify"],
    env: { REPEATS_SEEDS: "24" },
  },
  {
    name: "kills",
    title: "kills under load, on Node.js and on XS; of a greenhouse, with faults of its bus",
    words: [
      "stress/kills",
      "xs-linux/kills",
      "xs-linux/bands",
      "examples/greenhouse",
      "hardware/lives",
    ],
    env: { PIN_KILLS: "200" },
  },
  {
    name: "hostile",
    title: "hostile tasks: any call, garbage in their own memory",
    words: ["hostile/sequences.verify", "hostile/threads.verify", "xs-linux/hostile.verify"],
  },
  {
    name: "chip",
    title: "the device on emulated chips, with FreeRTOS and its priorities",
    words: [
      "xs-chip/bands.verify",
      "xs-chip/boot-count",
      "xs-chip/contract.verify",
      "xs-chip/cortex-m3.verify",
      "xs-chip/faults",
      "xs-chip/hostile",
      "xs-chip/matrix",
      "xs-chip/selftest.verify",
    ],
  },
  {
    name: "mutants",
    title: "bugs put in on purpose, each of which is caught",
    words: ["proof/mutants/"],
  },
  {
    name: "endurance",
    title: "restarts, allocation on XS, the weather station, the page, the build",
    words: [
      "stress/restarts",
      "xs-linux/allocation",
      "weather-station",
      "soak/",
      "load/page",
      "package/build",
    ],
    env: { XS_ROUNDS: "20000", XS_IDLE_MS: "60000", WEATHER_KILLS: "500", RESTARTS: "200" },
  },
];
