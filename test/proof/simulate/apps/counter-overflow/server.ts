/**
 * Numbers are compared as on a clock: one is new that is less than half a turn ahead.
 */
import { archive } from "./archive.js";

const TURN = 256;

export function main(): void {
  archive((number, last) => {
    const ahead = (number - last + TURN) % TURN;
    return ahead > 0 && ahead < TURN / 2;
  });
}
