/**
 * Everything that runs on every device, as one module, in the build that traces messages:
 * "reattach" where trace/manifest.json is included.
 */
export * from "./device.js";
export { printTrace, printTraceOfDeaths } from "./trace/print.js";
