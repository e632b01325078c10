/**
 * "reattach/trace": what an application imports of the tracing build beside "reattach".
 *
 * @module reattach/trace
 */
export { printTrace } from "./tracing-device.js";
