/**
 * The board check on real XS: what a person with a board sees is what this sees, restart included.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type test from "tape";
import { EXIT_RESTARTED } from "../../../hosts/xs-test/exit-codes.mjs";
import { folderOf } from "../node/temp-folder.js";
import { bundle, complaintsIn } from "./bundle.js";
import { missing, type Mode, run, type Run } from "./host.js";

const EXAMPLE = join(import.meta.dirname, "../../../examples/board-check");
const TASKS = ["client", "server", "rejecter", "looper"];
/** What they and main share. */
const SHARED = ["services"];
const CHECKS = 8;
/** One of the tasks never leaves, and is waited for; the others do, on a busy machine later. */
const STOP_MS = 4_000;

function linesWith(pattern: RegExp, { stdout }: Run): string[] {
  return stdout.split("\n").filter((line) => pattern.test(line));
}

function files(modules: readonly string[]): Record<string, string> {
  return Object.fromEntries(modules.map((name) => [name, join(EXAMPLE, `${name}.ts`)]));
}

/** Runs it twice: all checks pass, the last one after a restart. */
export async function checkBoard(t: test.Test, mode: Mode): Promise<void> {
  const why = missing(mode);
  if (why !== "") return t.skip(why);
  const main = join(import.meta.dirname, "programs/board-check.ts");
  const all = await bundle({ "board-check": main, ...files(TASKS), ...files(SHARED) });
  const { config } = JSON.parse(readFileSync(join(EXAMPLE, "manifest.json"), "utf8")) as {
    config: { reattach: object };
  };
  const board = { stop_ms: STOP_MS };
  const patient = { ...config, reattach: { ...config.reattach, board } };
  const folder = folderOf(t, {});
  const start = (): Promise<Run> =>
    run({
      mode,
      bundle: all,
      main: "board-check",
      config: patient,
      preload: [...TASKS, ...SHARED],
      switches: [`--preferences=${join(folder, "preferences")}`],
    });
  const first = await start();
  t.comment(first.stdout);
  t.equal(first.code, EXIT_RESTARTED, "the board restarts");
  t.equal(complaintsIn(first.stderr), "", "XS has nothing to complain of");
  t.equal(linesWith(/^ok /, first).length, CHECKS - 1, "all checks but the last have passed");
  t.equal(linesWith(/^not ok /, first).length, 0, "none has failed");
  const second = await start();
  t.equal(second.code, 0, "the second start ends by itself");
  t.equal(linesWith(/^ok 8 - restart: .*looper/, second).length, 1, "the reason is known");
  const [verdict] = linesWith(/^board check/, second);
  t.equal(verdict, "board check passed: 8 of 8 checks passed", "the verdict");
  all.remove();
}
