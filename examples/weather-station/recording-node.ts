/**
 * The recording, on Node.js: the bytes of the data file.
 */
import { readFileSync } from "node:fs";

const FILE = new URL("./data/seattle-weather-hourly-normals.csv", import.meta.url);

/** The whole recording. */
export function openRecording(): Uint8Array {
  return readFileSync(FILE);
}
