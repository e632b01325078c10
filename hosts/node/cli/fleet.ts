/**
 * `reattach fleet`: how many boards one broker serves, measured on this machine.
 */
import { checkedBroker, loadMqtt } from "../net/connection.js";
import { readDuration, shownDuration } from "../system/duration.js";
import { FleetError } from "../fleet/fleet-error.js";
import type { FleetFigures, FleetOptions, Spread } from "../fleet/fleet.js";
import { FailedError } from "./exit-code.js";
import { checkedPrefix } from "./boards-place.js";
import { printJson, withJsonProblems } from "./json-problems.js";
import { readCount } from "./length.js";
import { readOptions } from "./options.js";
import { grouped, table } from "./table.js";

const BOARDS = 100;
const BOARDS_MIN = 2;
/** A machine has so many ports for connections to one address, at most. */
const BOARDS_MAX = 20_000;
/** Not that of real boards, which may be at the same broker. */
const PREFIX = "reattach-fleet";
const PERIOD_MS = 1_000;
const MEASURE_MS = 10_000;

function kib(bytes: number | null): string {
  return bytes === null ? "-" : `${grouped(Math.round(bytes / 1_024))} KiB`;
}

function share(cpu: number | null): string {
  return cpu === null ? "-" : `${Math.round(cpu * 100)} %`;
}

function spreadText({ half_ms, most_ms, all_ms }: Spread): string {
  const [half, most, all] = [half_ms, most_ms, all_ms].map(shownDuration);
  return `half in ${half}, 99 in 100 in ${most}, all in ${all}`;
}

function ms(value: number): string {
  return `${value.toFixed(1)} ms`;
}

function figuresText(figures: FleetFigures): string {
  const { boards, connect, calls, boardsCpu, brokerCpu, boardBytes, brokerBytes } = figures;
  const { restart, wills } = figures;
  const times = `p50 ${ms(calls.p50_ms)}, p99 ${ms(calls.p99_ms)}, longest ${ms(calls.max_ms)}`;
  const rows = [
    ["connected, with an answer of another board", spreadText(connect)],
    ["calls", `${grouped(Math.round(calls.perSecond))} a second, ${calls.failed} failed`],
    ["a call took", times],
    ["processors busy", `boards ${share(boardsCpu)}, broker ${share(brokerCpu)}`],
    ["memory for each board", `board ${kib(boardBytes)}, broker ${kib(brokerBytes)}`],
    ["an answer after a restart of the broker", restart === null ? "-" : spreadText(restart)],
    [
      "a last will is heard",
      wills === null
        ? "-"
        : `${wills.boards} boards lost, of ${wills.users}: ${spreadText(wills.spread)}`,
    ],
  ];
  return `${grouped(boards)} boards\n${table(rows, ["left", "left"])}\n`;
}

async function measured(options: FleetOptions): Promise<FleetFigures> {
  const { Fleet } = await import("../fleet/fleet.js");
  const say = (text: string): void => void process.stderr.write(`reattach: fleet: ${text}\n`);
  return Fleet.measure(options, say).catch((error: unknown) => {
    throw error instanceof FleetError ? new FailedError(`fleet: ${error.message}`) : error;
  });
}

/** Runs the command. Resolves to its exit code; throws an InputError for what is written wrong. */
export async function fleet(argv: string[]): Promise<number> {
  const { values } = readOptions(argv, {
    options: {
      boards: { type: "string" },
      every: { type: "string" },
      for: { type: "string" },
      broker: { type: "string" },
      prefix: { type: "string" },
      json: { type: "boolean" },
    },
    required: [],
  });
  const { json = false, broker, every, prefix = PREFIX } = values;
  return withJsonProblems(json, async () => {
    const { boards: count } = values;
    const options = {
      boards: count === undefined ? BOARDS : readCount(count, "--boards", BOARDS_MAX, BOARDS_MIN),
      period_ms: every === undefined ? PERIOD_MS : readDuration(every, "--every"),
      measure_ms: values.for === undefined ? MEASURE_MS : readDuration(values.for, "--for"),
      broker: broker === undefined ? null : checkedBroker(broker, "--broker"),
      prefix: checkedPrefix(prefix),
    };
    await loadMqtt("fleet");
    const figures = await measured(options);
    if (json) printJson({ ok: true, ...figures });
    else process.stdout.write(figuresText(figures));
  });
}
