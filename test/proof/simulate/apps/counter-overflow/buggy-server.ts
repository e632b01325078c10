/**
 * The bug: behind 255 nothing is new any more.
 */
import { archive } from "./archive.js";

export function main(): void {
  archive((number, last) => number > last);
}
