/**
 * The board check on the emulated chip, with its RAM and its priorities.
 */
import test from "tape";
import { checkBoard } from "../xs-linux/board-check.js";
import { CHIP } from "./chip.js";

test("board check on the chip: all checks pass, the last one after a restart", (t) =>
  checkBoard(t, CHIP));
