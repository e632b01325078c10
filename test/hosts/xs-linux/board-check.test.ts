/**
 * The board check on real XS, in 32 bit.
 */
import test from "tape";
import { checkBoard } from "./board-check.js";
import { THIRTY_TWO_BIT } from "./host.js";

test("board check on XS: all checks pass, the last one after a restart", (t) =>
  checkBoard(t, THIRTY_TWO_BIT));
