/**
 * npm run verify [-- stage ...] [--json]: all that takes longer than `npm test`, and its sum.
 *
 * The TAP of the stages goes by; the last thing printed is the table. With --json the TAP goes to
 * stderr, and stdout has the same as one JSON object. The exit code is 1 when anything has failed.
 */
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { type Stage, STAGES } from "./stages.js";
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

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: "boolean", default: false } },
});
const out = values.json ? process.stderr : process.stdout;
const results: StageResult[] = [];
for (const stage of choose(positionals)) results.push(await run(stage, out));
const sums = totals(results);
if (values.json) process.stdout.write(`${JSON.stringify({ stages: results, ...sums })}\n`);
else process.stdout.write(`\n${toTable(results)}\n`);
process.exitCode = sums.failed === 0 ? 0 : 1;
