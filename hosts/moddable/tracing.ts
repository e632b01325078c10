/**
 * "reattach/trace": what an application imports of the tracing build beside "reattach".
 *
 * @module reattach/trace
 */
export { printTrace, printTraceOfDeaths } from "./tracing-device.js";
