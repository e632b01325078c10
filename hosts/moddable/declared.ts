/**
 * The limits of the manifest, for definitions of services: their modules are preloaded, so one with
 * messages that are too long ends the build. The build puts this file in the place of
 * src/service/declared.ts.
 */
import { application } from "./application.js";

export const MESSAGE_BYTES_MAX: number = application.limits.messageBytes;
