/**
 * The greenhouse of the examples with the Ledger taken out of its valve: the simulator finds that
 * the valve opens twice, makes that run small, and the line that it prints plays it again.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import test from "tape";
import { reattach } from "../../hosts/node/run-process.js";
import { folderOf } from "../../hosts/node/temp-folder.js";

const ROOT = join(import.meta.dirname, "../../..");
const GREENHOUSE = join(ROOT, "examples/greenhouse");
const CHECK = "the valve opens once for each watering";
const HOURS = 1;
const RUNS = 4;
const FAULTS_MAX = 2;
/** Real time to make a failure smaller: it takes some ten runs, however slow the machine is. */
const SHRINK = "20m";

/** What somebody writes who has not heard of the Ledger: it counts, and does not look back. */
const VALVE = `
import Digital from "embedded:io/digital";
import { delay, EOK, stableCommit, stableRead } from "reattach";
import { serve } from "reattach/service";
import { VALVE_PIN } from "./pins.js";
import { Valve } from "./services.js";

export function main({ open_ms }: { readonly open_ms: number }): void {
  const valve = new Digital({ pin: VALVE_PIN, mode: Digital.Output });
  const done = new Uint32Array(1);
  const stable = new Uint8Array(done.buffer);
  stableRead(stable);
  serve(Valve, {
    water({ number }) {
      valve.write(1);
      delay(open_ms);
      valve.write(0);
      done[0] = number;
      stableCommit(stable, stable.length);
      return EOK;
    },
    count(_request, reply) {
      reply.waterings = done[0]!;
    },
  });
}
`;

/** It computes all the time: only a process that hangs takes so long. */
const LIMIT_MS = 30 * 60_000;

interface Printed {
  readonly failures: readonly {
    readonly check: string;
    readonly plan: readonly string[];
    readonly replay: string;
  }[];
}

/** The example's files, by their names, with another valve; its manifest from another place. */
function withoutLedger(): Record<string, string> {
  const names = readdirSync(GREENHOUSE).filter((name) => /\.ts$|^manifest\.json$/.test(name));
  const read = (name: string): string => readFileSync(join(GREENHOUSE, name), "utf8");
  const files = Object.fromEntries(names.map((name) => [name, read(name)]));
  return {
    ...files,
    "manifest.json": files["manifest.json"]!.replace("../../service", `${ROOT}/service`),
    "services.ts": files["services.ts"]!.replace(", { once: true }", ""),
    "valve.ts": VALVE,
  };
}

async function simulate(argv: readonly string[]): Promise<Printed> {
  const { stdout, stderr } = await reattach([...argv, "--json"], "all", LIMIT_MS).ended;
  if (stdout === "") throw new Error(stderr);
  return JSON.parse(stdout) as Printed;
}

test("simulate: the greenhouse without a Ledger is found, shrunk and played again", async (t) => {
  const folder = folderOf(t, withoutLedger());
  const length = ["--hours", `${HOURS}`, "--runs", `${RUNS}`, "--shrink", SHRINK];
  const argv = ["simulate", folder, ...length, "--seed", "1"];
  const { failures } = await simulate(argv);
  const found = failures.filter(({ check }) => check === CHECK);
  t.ok(found.length > 0, `${found.length} of ${RUNS} runs find it`);
  const [{ plan, replay } = { plan: [], replay: "" }] = found;
  t.ok(plan.length <= FAULTS_MAX, `the first is shrunk: ${plan.join(" ") || "no fault at all"}`);
  t.comment(replay);
  const [command, ...line] = replay.split(" ");
  t.equal(command, "reattach", "a line to paste");
  const again = await simulate(line);
  t.deepEqual(
    again.failures.map(({ check }) => check),
    [CHECK],
    "and it shows the same",
  );
});
