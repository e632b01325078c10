/**
 * The weather station on the emulated chip, within its RAM.
 */
import test from "tape";
import { judgeWeatherStation } from "../xs-linux/weather-station.js";
import { CHIP } from "./chip.js";

test("weather station on the chip", (t) => judgeWeatherStation(t, CHIP));
