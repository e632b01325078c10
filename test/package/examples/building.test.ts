/**
 * `npm run building`, as a reader runs it, for a shorter time: a broker and four boards, of which
 * some are killed.
 */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import test from "tape";

const ROOT = join(import.meta.dirname, "../../..");
/** Long enough for two kills. */
const SECONDS = "4";
/** It never will end by itself then. */
const STUCK_MS = 600_000;

test("examples/building: no note is lost, and none is kept twice", async (t) => {
  // Not by npm: that would build anew, below the tests that run.
  const argv = ["--import", "tsx", "examples/building/start.ts", "--seconds", SECONDS];
  const options = { cwd: ROOT, timeout: STUCK_MS };
  const { stdout } = await promisify(execFile)(process.execPath, argv, options);
  const last = stdout.trimEnd().split("\n").at(-1)!;
  t.match(last, /[1-9]\d* kills, every note is there, and once$/);
});
