/**
 * The weather station as `npm start` runs it, only shorter.
 */
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import test from "tape";

const START = fileURLToPath(new URL("../../examples/weather-station/start.ts", import.meta.url));
const SECONDS = "4";

test("npm start: nothing is lost or wrong while sensor and store are killed", async (t) => {
  const args = ["--import", "tsx", START, "--seconds", SECONDS, "--json"];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  let stdout = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  const code = await new Promise((resolve) => child.on("close", resolve));
  const report = JSON.parse(stdout.trimEnd().split("\n").at(-1)!) as Record<string, number>;
  t.comment(stdout.trimEnd());
  t.equal(code, 0, "exit code");
  t.ok(report["crashes"]! > 0, "servers crashed");
  t.ok(report["recoveries"]! > 0, "clients recovered");
  t.ok(report["sent"]! > 0 && report["sent"] === report["answered"], "all sent were answered");
  t.equal(report["lost"], 0, "lost");
  t.equal(report["wrong"], 0, "wrong");
  t.ok(report["p50_us"]! > 0 && report["p50_us"]! <= report["p99_us"]!, "round trips were timed");
});
