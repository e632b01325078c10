/**
 * The baton, for those who take part in a simulation.
 */
export { hash, mixText, random } from "./chance.js";
export * from "./others.js";
export * from "./scheduler.js";
export * from "./seats.js";
