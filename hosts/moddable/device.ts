/**
 * Everything that runs on every device, as one module: "reattach".
 *
 * Every module costs each VM two slots, and every import some thirty bytes of flash, so the device
 * build has one module in place of sixty. An application imports from it what it imports in the
 * simulator; "reattach/moddable" is a name that leads back to here, and "reattach/ham" (ham.ts)
 * takes from it what it shares with the rest.
 */
export * from "../../src/index.js";
export * from "../../src/manager/for-extensions.js";
export { boot, System } from "./system.js";
export { startWorker } from "./incarnation.js";
export { application } from "./application.js";
