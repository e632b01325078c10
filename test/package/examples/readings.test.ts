/**
 * The weather station's readings, found in the text of the recording, against the same file split
 * into lines.
 */
import { readFileSync } from "node:fs";
import test from "tape";
import { Readings } from "../../../examples/weather-station/readings.js";

const FILE = "../../../examples/weather-station/data/seattle-weather-hourly-normals.csv";
const text = readFileSync(new URL(FILE, import.meta.url));
const lines = text.toString().trimEnd().split("\n").slice(1);
const days = [...new Set(lines.map((line) => line.slice(0, 10)))];

/** What the line says, told by other means. */
function expected(number: number): object {
  const [date = "", pressure, temperature, wind] = lines[number]!.split(",");
  const tenths = (value: string | undefined): number => Math.round(Number(value) * 10);
  return {
    day: days.indexOf(date.slice(0, 10)),
    pressure: tenths(pressure),
    temperature: tenths(temperature),
    wind: tenths(wind),
    endsDay: !lines[number + 1]?.startsWith(date.slice(0, 10)),
  };
}

function read(readings: Readings, number: number): object {
  const reading = { day: -1, pressure: 0, temperature: 0, wind: 0 };
  readings.read(number, reading);
  return { ...reading, endsDay: readings.endsDay(number) };
}

test("Readings: one after the other, all are as in the file", (t) => {
  const readings = new Readings(text);
  t.equal(readings.count, lines.length, "how many there are");
  const wrong = lines.flatMap((_, number) => {
    const isRight = JSON.stringify(read(readings, number)) === JSON.stringify(expected(number));
    return isRight ? [] : [number];
  });
  t.deepEqual(wrong, []);
  t.end();
});

test("Readings: any of them, from any place", (t) => {
  const readings = new Readings(text);
  const last = lines.length - 1;
  for (const number of [last, 0, last, 1, 22, 23, 24, 4_380, 4_379, last - 1]) {
    t.deepEqual(read(readings, number), expected(number), `reading ${number}`);
  }
  // By a step that has no divisor in common with their number, so each comes after a far one.
  const wrong = lines.flatMap((_, i) => {
    const number = (i * 1_009) % lines.length;
    return JSON.stringify(read(readings, number)) === JSON.stringify(expected(number))
      ? []
      : [number];
  });
  t.deepEqual(wrong, []);
  t.end();
});

test("Readings: something else is refused", (t) => {
  t.throws(() => new Readings(Buffer.from("time,pressure\n")), /header/);
  t.throws(() => read(new Readings(text), lines.length), RangeError);
  t.end();
});
