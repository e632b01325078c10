/**
 * The weather station on real XS. `npm test` has the modes that boards come closest to, `npm run
 * verify` all.
 */
import test from "tape";
import { isNative, LOSSY, losesWakeUps, missing, MODES, THIRTY_TWO_BIT } from "./host.js";
import { judgeShares, nativeCallsIn } from "./native-calls.js";
import { complaintsIn } from "./bundle.js";
import { runWeatherStation } from "./weather-station.js";

/** What boards are: 32 bit, and with the wake-ups that FreeRTOS loses. */
const CHOSEN = process.argv.includes("--verify") ? MODES : [THIRTY_TWO_BIT, LOSSY];

/** A number of the report: "  lost   0". */
function numberIn(report: string, name: string): number {
  return Number(new RegExp(`^ *${name} +(\\d+)`, "m").exec(report)?.[1]);
}

for (const mode of CHOSEN) {
  test(`weather station on XS, ${mode.name}`, async (t) => {
    const why = missing(mode);
    if (why !== "") return t.skip(why);
    const { code, stdout, stderr } = await runWeatherStation(mode);
    t.equal(code, 0, "the process ends by itself");
    t.equal(complaintsIn(stderr), "", "nothing to complain of");
    t.ok(numberIn(stdout, "crashes") > 0, "servers crashed");
    t.ok(numberIn(stdout, "recoveries") > 0, "clients recovered");
    t.ok(numberIn(stdout, "messages") > 0, "messages were sent");
    t.equal(numberIn(stdout, "answers"), numberIn(stdout, "messages"), "all were answered");
    t.equal(numberIn(stdout, "lost"), 0, "lost");
    t.equal(numberIn(stdout, "wrong"), 0, "wrong");
    t.equal(numberIn(stdout, "repeated"), 0, "counted twice");
    // Where messages are slow the station's polls, which have a time limit, are many beside them.
    if (isNative(mode) && !losesWakeUps(mode)) judgeShares(t, nativeCallsIn(stdout));
    if (code !== 0) t.comment(stdout.slice(-2_000));
  });
}
