/**
 * Typed services as a module of their own, "reattach/service": only a board whose manifest includes
 * service/manifest.json has them in flash. They stand on what "reattach" exports.
 */
export * from "../../src/service/index.js";
