/**
 * The recorded readings, on Node.js: parsed from the data file when the sensor starts.
 */
import { readFileSync } from "node:fs";

const FILE = new URL("./data/seattle-weather-hourly-normals.csv", import.meta.url);
const HEADER = "date,pressure,temperature,wind";

/** One hour, in whole tenths of hPa, °C and m/s. */
export interface Reading {
  /** Day of the year, from 0. */
  readonly day: number;
  readonly pressure: number;
  readonly temperature: number;
  readonly wind: number;
}

function tenths(text: string): number {
  return Math.round(Number(text) * 10);
}

/** All readings in the order of time. Throws when the file is not what it should be. */
export function loadReadings(): Reading[] {
  const [header, ...lines] = readFileSync(FILE, "utf8").trimEnd().split("\n");
  if (header !== HEADER) throw new Error(`${FILE.pathname}: found "${header}", not "${HEADER}"`);
  let day = -1;
  let date = "";
  return lines.map((line) => {
    const [time = "", pressure = "", temperature = "", wind = ""] = line.split(",");
    if (!time.startsWith(`${date}T`)) {
      date = time.slice(0, 10);
      day++;
    }
    return {
      day,
      pressure: tenths(pressure),
      temperature: tenths(temperature),
      wind: tenths(wind),
    };
  });
}
