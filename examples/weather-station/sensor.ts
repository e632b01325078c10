/**
 * The sensor's driver: serves the readings by number. It keeps no state, so a successor can answer
 * for it at once.
 */
import { EINVAL, MsgError, MsgReceive, MsgReply, name_attach } from "reattach";
import { loadReadings, type Reading } from "readings";
import * as P from "./protocol.js";

function endOf(readings: readonly Reading[], index: number): number {
  const next = readings[index + 1];
  if (next === undefined) return P.ENDS_YEAR;
  return next.day === readings[index]!.day ? P.ENDS_NOTHING : P.ENDS_DAY;
}

/** Serves READ for ever. A number past the end begins the year again. */
export function main(): void {
  const readings = loadReadings();
  const chid = name_attach(null, P.SENSOR, 0);
  if (chid < 0) throw new Error(`sensor: name_attach: ${chid}`);
  const request = P.createMessage();
  const reply = P.createMessage();
  for (;;) {
    const rcvid = MsgReceive(chid, request.bytes, P.MESSAGE_BYTES, null);
    if (rcvid <= 0) continue;
    if (request.words[0] !== P.READ) {
      MsgError(rcvid, EINVAL);
      continue;
    }
    const number = request.words[P.READ_NUMBER]!;
    const index = number % readings.length;
    const reading = readings[index]!;
    reply.words[P.READING_NUMBER] = number;
    reply.words[P.READING_DAY] = reading.day;
    reply.words[P.READING_ENDS] = endOf(readings, index);
    reply.words[P.READING_PRESSURE] = reading.pressure;
    reply.words[P.READING_TEMPERATURE] = reading.temperature;
    reply.words[P.READING_WIND] = reading.wind;
    MsgReply(rcvid, 0, reply.bytes, P.MESSAGE_BYTES);
  }
}
