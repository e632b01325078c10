/**
 * QNX's high availability manager as a module of its own, "reattach/ham": only a board whose
 * manifest includes ham/manifest.json has it in flash. What it shares with the rest it imports
 * from "reattach" (src/manager/for-extensions.ts).
 */
export * from "../../src/ham/index.js";
export { createHam } from "../../src/ham/extension.js";
