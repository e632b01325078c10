/**
 * Main on XS: the weather station's main module, as a board runs it.
 */
import main from "../../../../examples/weather-station/main.js";

main();
