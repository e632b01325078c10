/**
 * The sensor's driver: serves the readings by number. It keeps no state, so a successor can answer
 * for it at once.
 */
import { EINVAL, MsgError, MsgReceive, MsgReply, name_attach } from "reattach";
import { openRecording } from "recording";
import {
  ENDS_DAY,
  ENDS_NOTHING,
  ENDS_YEAR,
  MESSAGE_BYTES,
  READ,
  READING_DAY,
  READING_ENDS,
  READING_NUMBER,
  READING_PRESSURE,
  READING_TEMPERATURE,
  READING_WIND,
  READ_NUMBER,
  SENSOR,
  createMessage,
} from "./protocol.js";
import { Readings } from "./readings.js";

function endOf(readings: Readings, index: number): number {
  if (index + 1 === readings.count) return ENDS_YEAR;
  return readings.endsDay(index) ? ENDS_DAY : ENDS_NOTHING;
}

/** Serves READ for ever. A number past the end begins the year again. */
export function main(): void {
  const readings = new Readings(openRecording());
  const chid = name_attach(null, SENSOR, 0);
  if (chid < 0) throw new Error(`sensor: name_attach: ${chid}`);
  const request = createMessage();
  const reply = createMessage();
  for (;;) {
    const rcvid = MsgReceive(chid, request.bytes, MESSAGE_BYTES, null);
    if (rcvid <= 0) continue;
    const number = request.words[READ_NUMBER]!;
    if (request.words[0] !== READ || number < 0) {
      MsgError(rcvid, EINVAL);
      continue;
    }
    const index = number % readings.count;
    readings.read(index);
    reply.words[READING_NUMBER] = number;
    reply.words[READING_DAY] = readings.day;
    reply.words[READING_ENDS] = endOf(readings, index);
    reply.words[READING_PRESSURE] = readings.pressure;
    reply.words[READING_TEMPERATURE] = readings.temperature;
    reply.words[READING_WIND] = readings.wind;
    MsgReply(rcvid, 0, reply.bytes, MESSAGE_BYTES);
  }
}
