/**
 * npm run verify [-- stage ...] [--json] [--sample] [--minutes n]: all that takes longer than
 * `npm test`, and its sum.
 *
 * The TAP of the stages goes by; the last thing printed is the table. With --json the TAP goes to
 * stderr, and stdout has the same as one JSON object. The exit code is 1 when anything has failed.
 *
 * With --sample a part of each stage is run, which takes a third of the time; VERIFY_SEED takes the
 * same part again. With --minutes no stage begins when so many have gone by; those that are left
 * out are told. Then another stage is the first each time, so that none is always left out.
 */
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { type Stage, STAGES } from "./stages.js";
import { describeSample, sampleOf } from "./sample.js";
import { readStage, type StageResult, totals, toTable } from "./summary.js";

const RUN = fileURLToPath(new URL("../../run.ts", import.meta.url));

function choose(names: readonly string[]): readonly Stage[] {
  const known = STAGES.map(({ name }) => name);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown === undefined) {
    return names.length === 0 ? STAGES : STAGES.filter(({ name }) => names.includes(name));
  }
  process.stderr.write(`verify: found "${unknown}", allowed are ${known.join(", ")}\n`);
  process.exit(2);
}

function run(stage: Stage, out: NodeJS.WritableStream): Promise<StageResult> {
  const start = performance.now();
  out.write(`\n## ${stage.name}: ${stage.title}\n`);
  const child = spawn(process.execPath, ["--import", "tsx", RUN, "--verify", ...stage.words], {
    env: { ...process.env, ...stage.env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const chunks: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => {
    chunks.push(chunk);
    out.write(chunk);
  });
  return new Promise((resolve) => {
    child.on("close", (code) => {
      const seconds = Math.round((performance.now() - start) / 1000);
      resolve(readStage(stage, Buffer.concat(chunks).toString(), code ?? 1, seconds));
    });
  });
}

/** A whole number of minutes from the command line; without one there is no limit. */
function toMinutes(text: string | undefined): number {
  if (text === undefined) return Infinity;
  if (/^\d+$/.test(text)) return Number(text);
  process.stderr.write(`verify: --minutes: found "${text}", allowed is a whole number\n`);
  process.exit(2);
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: "boolean", default: false },
    sample: { type: "boolean", default: false },
    minutes: { type: "string" },
  },
});
const out = values.json ? process.stderr : process.stdout;
const end_ms = performance.now() + toMinutes(values.minutes) * 60_000;
const seed = Number(process.env["VERIFY_SEED"] ?? Date.now() % 1_000_000);
// For tests that take a part of themselves.
process.env["VERIFY_SEED"] = String(seed);
const chosen = choose(positionals);
const first = Number.isFinite(end_ms) ? seed % chosen.length : 0;
const results: StageResult[] = [];
for (const stage of [...chosen.slice(first), ...chosen.slice(0, first)]) {
  if (performance.now() >= end_ms) {
    out.write(`# sampled verify: NOT RUN for want of time: ${stage.name}\n`);
    continue;
  }
  const taken = values.sample ? sampleOf(stage, seed) : stage;
  results.push(await run(taken, out));
  if (taken !== stage) {
    const what = describeSample(stage, taken);
    out.write(`# sampled verify ${stage.name}: ${what} (VERIFY_SEED=${seed})\n`);
  }
}
const sums = totals(results);
if (values.json) process.stdout.write(`${JSON.stringify({ stages: results, ...sums })}\n`);
else process.stdout.write(`\n${toTable(results)}\n`);
process.exitCode = sums.failed === 0 ? 0 : 1;
