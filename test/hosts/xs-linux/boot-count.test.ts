/**
 * Restarts of a board in a row, on real XS.
 */
import { bootCountTests } from "./boot-count.js";
import { THIRTY_TWO_BIT } from "./host.js";

bootCountTests(THIRTY_TWO_BIT);
