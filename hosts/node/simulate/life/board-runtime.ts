/**
 * What the life that plays the simulated board has of this package: a script, as runtime.ts.
 */
export { Board } from "../../hardware/board/board.js";
export { textOf } from "../../hardware/board/parts.js";
