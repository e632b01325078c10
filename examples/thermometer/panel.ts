/**
 * A client: its server may crash whenever it likes.
 */
import { delay } from "reattach";
import { open } from "reattach/service";
import { Thermometer } from "./thermometer.js";

export function main(): void {
  const { read } = open(Thermometer);
  for (let n = 1; ; n++) {
    read.request.sensor = n % 8;
    const status = read.send();
    trace(`message ${n}: status ${status}, sensor ${n % 8} has ${read.reply.celsius} °C\n`);
    delay(100);
  }
}
