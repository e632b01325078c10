/**
 * The module that every worker is started with. Moddable calls its default export in the new VM.
 */
export { startWorker as default } from "./device.js";
