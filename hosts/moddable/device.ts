/**
 * Everything that runs on a device, as one module: "reattach".
 *
 * Every module costs each VM two slots, and every import some thirty bytes of flash, so the device
 * build has one module in place of sixty. An application imports from it what it imports in the
 * simulator; "reattach/ham" and "reattach/moddable" are names that lead back to here.
 */
export * from "../../src/index.js";
export * from "../../src/ham/index.js";
export { boot, System } from "./system.js";
export { startWorker } from "./incarnation.js";
