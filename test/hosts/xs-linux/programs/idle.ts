/**
 * The smallest task there is.
 */
import { countFootprint } from "./count-footprint.js";
import { MARK } from "./results.js";

export function main(): void {
  trace(`${MARK}${JSON.stringify({ task: countFootprint() })}\n`);
}
