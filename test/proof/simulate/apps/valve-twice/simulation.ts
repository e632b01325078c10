/**
 * What the greenhouse claims: the valve has opened as often as there were waterings.
 */
export { checks, spared } from "../../../../../examples/greenhouse/simulation.js";
