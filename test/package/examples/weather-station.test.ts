/**
 * The weather station as `npm start` runs it, only shorter.
 */
import { spawn, spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import test from "tape";

const START = fileURLToPath(new URL("../../../examples/weather-station/start.ts", import.meta.url));
/** More with npm run verify. */
const KILLS = process.env["WEATHER_KILLS"] ?? "60";

/** Runs it to its end; its report. */
async function play(t: test.Test, ...options: string[]): Promise<Record<string, number>> {
  const args = ["--import", "tsx", START, "--json", ...options];
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
  t.equal(report["repeated"], 0, "days counted twice");
  t.equal(report["repeatedHours"], 0, "hours counted twice");
  return report;
}

test("npm start: nothing is lost or wrong while sensor and store are killed", async (t) => {
  const report = await play(t, "--seconds", "4");
  t.ok(report["p50_us"]! > 0 && report["p50_us"]! <= report["p99_us"]!, "round trips were timed");
});

test("examples/weather-station: its own tests pass", (t) => {
  // A folder would do on Node.js 20 alone.
  const tests = new URL("../../../examples/weather-station/test/app.test.js", import.meta.url);
  const argv = ["--test", fileURLToPath(tests)];
  const { status, stdout } = spawnSync(process.execPath, argv, { encoding: "utf8" });
  t.equal(status, 0, stdout);
  t.end();
});

test(`npm start: nor when they are killed ${KILLS} times, as often as they can be`, async (t) => {
  const report = await play(t, "--kills", KILLS);
  t.ok(report["crashes"]! >= Number(KILLS), `${report["crashes"]} crashes`);
});
