/**
 * All that an extension of the manager imports, beside types and numbers: the one door between two
 * bundles. On a device an extension is a module of its own, and what stands here comes to it from
 * the module "reattach".
 */
export { requireAttached } from "../arena/vm.js";
export { errnoName } from "../kernel/errno.js";
export { beat } from "../kernel/inspect/vitals.js";
export { ask, connect, connectOnce, disconnect } from "./client.js";
export { createHeart, declareHealthy } from "./monitor/heartbeat.js";
export { isText, operation, serialOf, wideOf } from "./request.js";
