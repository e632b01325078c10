/**
 * Main on XS: the display loop's main module, as a board runs it.
 */
import main from "../../../../examples/display-loop/main.js";

main();
