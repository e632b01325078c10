/**
 * The main module, for a board: starts what the manifest declares.
 */
import { boot } from "reattach/moddable";

const system = boot();
system.on("death", ({ name, cause }) => trace(`${name} died: ${cause}\n`));
system.start();
