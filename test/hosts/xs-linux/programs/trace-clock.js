/**
 * In the place of hosts/moddable/trace/clock.js, which only mcconfig can build.
 */
import Time from "time";

export function microseconds() {
  return Time.ticks * 1000;
}
