/**
 * The weather station on real XS. `npm test` has the modes that boards come closest to, `npm run
 * verify` all.
 */
import test from "tape";
import { LOSSY, MODES, THIRTY_TWO_BIT } from "./host.js";
import { judgeWeatherStation } from "./weather-station.js";

/** What boards are: 32 bit, and with the wake-ups that FreeRTOS loses. */
const CHOSEN = process.argv.includes("--verify") ? MODES : [THIRTY_TWO_BIT, LOSSY];

for (const mode of CHOSEN) {
  test(`weather station on XS, ${mode.name}`, (t) => judgeWeatherStation(t, mode));
}
