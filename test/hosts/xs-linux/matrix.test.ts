/**
 * Strategy x kind of death on real XS, in 32 bit.
 */
import { THIRTY_TWO_BIT } from "./host.js";
import { matrixTests } from "./matrix.js";

matrixTests(THIRTY_TWO_BIT);
