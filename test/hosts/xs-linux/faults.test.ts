/**
 * The device host when things go wrong, on real XS. As on a board: slots of 16 bytes, so that
 * memory runs full when it would there.
 */
import { faultTests } from "./faults.js";
import { THIRTY_TWO_BIT } from "./host.js";

faultTests(THIRTY_TWO_BIT);
