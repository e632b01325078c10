/**
 * A sensor's driver that crashes now and then, as drivers do.
 */
import { MsgReceive, MsgReply, name_attach } from "reattach";
import { ANSWER_BYTES, SENSOR } from "./protocol.js";

/** Readings until the bus gets stuck. */
const READINGS_OF_A_LIFE = 60;
/** It measures between 20 and 25 degrees, in tenths. */
const BASE = 200;
const RANGE = 50;

/** Answers every message with a temperature, until the bus gets stuck. */
export function main(): void {
  const chid = name_attach(null, SENSOR, 0);
  if (chid < 0) throw new Error(`sensor: name_attach: ${chid}`);
  const words = new Int32Array(1);
  const answer = new Uint8Array(words.buffer);
  for (let reading = 0; reading < READINGS_OF_A_LIFE;) {
    const rcvid = MsgReceive(chid, null, 0, null);
    if (rcvid <= 0) continue;
    words[0] = BASE + (reading++ % RANGE);
    MsgReply(rcvid, 0, answer, ANSWER_BYTES);
  }
  throw new Error("the sensor's bus is stuck");
}
