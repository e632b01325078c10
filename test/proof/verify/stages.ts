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
  /** What `--sample` takes of it; all, where this is absent. */
  readonly sample?: StageSample;
}

/** A part of a stage, for CI. */
export interface StageSample {
  /** So many of the stage's words, other ones with each seed. */
  readonly parts?: number;
  /** Values in place of the stage's own, or beside them. */
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
    sample: { env: { EXPLORE_ONE_IN: "3" } },
  },
  {
    name: "native",
    title: "messages in C against messages in TypeScript",
    words: ["proof/native/", "xs-linux/sanitize"],
  },
  {
    name: "contract",
    title: "what each call promises, in all modes of XS",
    words: ["xs-linux/contract.verify"],
    sample: { env: { CONTRACT_ONE_IN: "6" } },
  },
  {
    name: "wrap",
    title: "every counter and clock, over every place where it begins again",
    words: ["proof/wrap/", "xs-linux/clock"],
    env: { WRAP_POWERS: "all" },
    sample: { env: { WRAP_POWERS: "ends" } },
  },
  {
    name: "simulation",
    title: "a whole system with faults, in fake time",
    words: ["proof/simulation/", "proof/lifecycle/"],
    env: { SIMULATION_HOURS: "2000", LIFECYCLE_RUNS: "3000" },
    sample: { env: { SIMULATION_HOURS: "200", LIFECYCLE_RUNS: "300" } },
  },
  {
    name: "boards",
    title: "services across boards: a simulated network, real boards with a real broker, contract",
    words: ["proof/boards/", "net/far-contract.verify", "net/fleet.verify"],
    env: { BOARDS_HOURS: "20", BOARDS_SEEDS: "50" },
    sample: { env: { BOARDS_HOURS: "0.5", BOARDS_SEEDS: "2", BOARDS_KILLS: "40" } },
  },
  {
    name: "repeats",
    title: "runs of an application in simulated time, twice each",
    words: ["simulate/repeats.verify"],
    env: { REPEATS_SEEDS: "24" },
    sample: { env: { REPEATS_SEEDS: "8" } },
  },
  {
    name: "found",
    title: "applications with typical bugs: the simulator finds them, and accuses no twin",
    words: ["simulate/found"],
    sample: { env: { FOUND_APPS: "3", FOUND_RUNS: "2" } },
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
    sample: { env: { KILLS: "2000", PIN_KILLS: "60", GREENHOUSE_FAULTS: "200" } },
  },
  {
    name: "hostile",
    title: "hostile tasks: any call, garbage in their own memory",
    words: ["hostile/sequences.verify", "hostile/threads.verify", "xs-linux/hostile.verify"],
    sample: {
      env: {
        HOSTILE_CALLS: "200000",
        HOSTILE_THREAD_CALLS: "500000",
        HOSTILE_XS_CALLS: "50000",
      },
    },
  },
  {
    name: "chip",
    title: "the device on emulated chips, with FreeRTOS and its priorities",
    words: [
      "xs-chip/bands.verify",
      "xs-chip/boot-count",
      "xs-chip/budgets",
      "xs-chip/cli",
      "xs-chip/contract.verify",
      "xs-chip/cortex-m3.verify",
      "xs-chip/faults",
      "xs-chip/hostile",
      "xs-chip/matrix",
      "xs-chip/selftest.verify",
      "xs-chip/weather-station",
    ],
    sample: { parts: 3, env: { CHIP_ORDERS_ONE_IN: "4", HOSTILE_CHIP_CALLS: "3000" } },
  },
  {
    name: "mutants",
    title: "bugs put in on purpose, each of which is caught",
    words: ["proof/mutants/"],
    sample: { env: { MUTANTS_SAMPLE: "12" } },
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
      "load/reload",
      "package/scaffold",
      "package/build",
    ],
    env: {
      XS_ROUNDS: "20000",
      XS_IDLE_MS: "60000",
      WEATHER_KILLS: "500",
      RESTARTS: "200",
      EDITS: "100",
    },
    sample: {
      env: { XS_ROUNDS: "2000", WEATHER_KILLS: "40", RESTARTS: "30", EDITS: "20" },
    },
  },
];
