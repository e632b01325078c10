/**
 * `npm run docs:record`: plays the weather station in a terminal and keeps all that it writes, and
 * when, for the picture in README (picture.ts). It needs `script` of util-linux.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Recording } from "./picture.js";

const ROOT = join(import.meta.dirname, "../..");
/** Shorter than it runs by itself, so that nobody has to look for long. */
const SECONDS = 8;
const COLUMNS = 100;
const RUN = `node --import tsx examples/weather-station/start.ts --seconds ${SECONDS}`;

/** What `script` writes around what it records. */
const FRAME = /^Script (started|done) on .*\n?/gm;

const folder = mkdtempSync(join(tmpdir(), "reattach-"));
try {
  const [text, times] = [join(folder, "text"), join(folder, "times")];
  const { status, error } = spawnSync(
    "script",
    ["-q", "-e", "-O", text, "-T", times, "-m", "classic", "-c", `stty cols ${COLUMNS}; ${RUN}`],
    { cwd: ROOT, stdio: "inherit" },
  );
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`the weather station has ended with ${status}`);
  const bytes = Buffer.from(readFileSync(text, "utf8").replace(FRAME, ""));
  let [at_ms, start] = [0, 0];
  const writes: Recording["writes"][number][] = [];
  for (const line of readFileSync(times, "utf8").trimEnd().split("\n")) {
    const [delay = 0, length = 0] = line.split(" ").map(Number);
    at_ms += delay * 1_000;
    writes.push({ at_ms: Math.round(at_ms), text: bytes.toString("utf8", start, start + length) });
    start += length;
  }
  const recording: Recording = { command: `npm start -- --seconds ${SECONDS}`, writes };
  const file = join(ROOT, "docs/pictures/weather-station.json");
  writeFileSync(file, `${JSON.stringify(recording, null, 2)}\n`);
} finally {
  rmSync(folder, { recursive: true });
}
