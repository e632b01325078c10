/**
 * Main on XS: the board check's main module, as a board runs it.
 */
import main from "../../../../examples/board-check/main.js";

main();
