/**
 * What a soak says at its end: which series are flat, within which limits, and what was counted.
 */
import type { ClientResult } from "../stress/results.js";
import type { Sample } from "./sample.js";
import { judgeSeries, type Judgement, type Series } from "./verdict.js";

/**
 * The bookkeeping of one thread, were it kept, is several kilobytes of the heap, and a thread
 * itself more than a megabyte of the process: a fraction of those for each restart.
 */
const HEAP_RESTART_BYTES = 500;
const RSS_RESTART_BYTES = 20_000;
/** What is left to chance: caches, the allocator's pools, threads that start at the moment. */
const HEAP_BYTES = 1_000_000;
const RSS_BYTES = 24_000_000;
/** Of the lowest reading of each window: entries of tasks that are being started. */
const ENTRIES = 1.5;
const HANDLES = 3;

/** What came out in the end. */
export interface Report {
  readonly isGood: boolean;
  readonly seconds: number;
  readonly messages: number;
  readonly kills: number;
  readonly hangs: number;
  readonly restarts: number;
  readonly recoveries: number;
  readonly lost: number;
  readonly wrong: number;
  readonly effects: number;
  readonly repeated: number;
  /** Clients that did not come to their end. */
  readonly missing: number;
  /** Table entries in use after all tasks were gone. */
  readonly leaks: number;
  /** Deaths that nobody ordered. */
  readonly accidents: readonly string[];
  readonly flat: readonly Judgement[];
}

type Reading = keyof Sample;

const TABLES: readonly Reading[] = ["channels", "connections", "names", "pulses"];

function seriesOf(samples: readonly Sample[]): Series[] {
  const restarts = (samples.at(-1)?.restarts ?? 0) - (samples[0]?.restarts ?? 0);
  const series = (name: Reading, limit: number, reason: string): Series => {
    return { name, values: samples.map((sample) => sample[name]), limit, reason };
  };
  return [
    series(
      "heapUsed_bytes",
      HEAP_BYTES + HEAP_RESTART_BYTES * restarts,
      `1 MB, and ${HEAP_RESTART_BYTES} bytes for each restart: a tenth of a thread's bookkeeping`,
    ),
    series(
      "rss_bytes",
      RSS_BYTES + RSS_RESTART_BYTES * restarts,
      `24 MB, and ${RSS_RESTART_BYTES} bytes for each restart: a fraction of a thread's memory`,
    ),
    ...TABLES.map((name) => series(name, ENTRIES, "entries of tasks that are being started")),
    series("resources", HANDLES, "threads and timers come and go"),
    series("descriptors", HANDLES, "threads come and go"),
  ];
}

/** Judges a soak. `clients` are the results of those that came to their end. */
export function judgeSoak(
  samples: readonly Sample[],
  clients: readonly ClientResult[],
  expected: number,
  leaks: number,
  accidents: readonly string[],
): Report {
  const last = samples.at(-1);
  const flat = seriesOf(samples).map(judgeSeries);
  const sum = (value: (client: ClientResult) => number): number =>
    clients.reduce((total, client) => total + value(client), 0);
  const effects = sum((client) => client.effects);
  const lost =
    sum(({ failed }) => failed) + sum(({ added, effects: had }) => Math.max(0, added - had));
  const wrong = sum((client) => client.wrong) + sum(({ isTotalRight }) => 1 - isTotalRight);
  const repeated = sum(({ added, effects: had }) => Math.max(0, had - added));
  const missing = expected - clients.length;
  const isRight = lost + wrong + repeated + missing + leaks + accidents.length === 0;
  return {
    isGood: isRight && flat.every(({ isFlat }) => isFlat !== false),
    seconds: last?.at_s ?? 0,
    messages: sum((client) => client.answered),
    kills: last?.kills ?? 0,
    hangs: last?.hangs ?? 0,
    restarts: last?.restarts ?? 0,
    recoveries: last?.recoveries ?? 0,
    lost,
    wrong,
    effects,
    repeated,
    missing,
    leaks,
    accidents,
    flat,
  };
}

function mega(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

/** A line of a soak, for people. */
export function lineOf(sample: Sample): string {
  const { at_s, messages, kills, hangs, restarts, recoveries, rss_bytes, heapUsed_bytes } = sample;
  const { channels, connections, names, pulses, resources, descriptors } = sample;
  return (
    `${at_s.toFixed(1).padStart(7)} s  messages ${messages}  kills ${kills}  hangs ${hangs}  ` +
    `restarts ${restarts}  recoveries ${recoveries}  rss ${mega(rss_bytes)}  ` +
    `heap ${mega(heapUsed_bytes)}  channels ${channels}  connections ${connections}  ` +
    `names ${names}  pulses ${pulses}  handles ${resources}  fds ${descriptors}\n`
  );
}

/** The verdict, for people. */
export function textOf(report: Report): string {
  const lines = report.flat.map(({ name, isFlat, growth, rising, limit, reason }) => {
    const word = isFlat === null ? "too short to say" : isFlat ? "flat" : "GROWS";
    const isBytes = name.endsWith("_bytes");
    const show = (value: number): string => (isBytes ? mega(value) : value.toFixed(1));
    return (
      `${name.replace("_bytes", "").padEnd(12)} ${word}: ${show(growth)} by the slope, ` +
      `${Math.round(rising * 100)}% of the pairs rise; allowed ${show(limit)} (${reason})\n`
    );
  });
  const { seconds, messages, kills, hangs, restarts, recoveries, effects } = report;
  const { lost, wrong, repeated, missing, leaks, accidents, isGood } = report;
  return (
    `\n${lines.join("")}\n` +
    `${seconds.toFixed(0)} s: ${messages} messages, ${effects} effects, ${kills} kills, ` +
    `${hangs} hangs found, ${restarts} restarts, ${recoveries} recoveries\n` +
    `lost ${lost}, wrong ${wrong}, repeated ${repeated}, ` +
    `clients without a result ${missing}, entries left ${leaks}\n` +
    accidents.map((accident) => `accident: ${accident}\n`).join("") +
    `verdict: ${isGood ? "good" : "BAD"}\n`
  );
}
