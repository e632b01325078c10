/**
 * The main module of all these examples on a board: boots, and starts the tasks.
 */
import { boot } from "reattach/moddable";

/** Called by Moddable when the board has started. */
export default function main(): void {
  const system = boot();
  system.on("death", ({ name, cause }) => trace(`${name} died: ${cause}\n`));
  system.start();
}
