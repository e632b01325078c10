/**
 * The greenhouse's main module on a board: starts the tasks, and says what dies.
 */
import { boot } from "reattach/moddable";

/** Called by Moddable when the board has started. */
export default function main(): void {
  const system = boot();
  system.on("death", ({ name, cause, text }) => trace(`${name} died: ${cause}: ${text}\n`));
  system.start();
}
