/**
 * A Cortex-M3, the second chip: its processor faults when a word is not aligned, and its port of
 * FreeRTOS is FreeRTOS's own. Here the board check, and a sample of the self-tests with all that
 * only a chip does; cortex-m3.verify.ts has the rest.
 */
import test from "tape";
import { checkBoard } from "../xs-linux/board-check.js";
import { CORTEX_M3 } from "./chip.js";
import { chipSelftest } from "./selftests.js";

chipSelftest("cortex-m3", { oneIn: 8 });

test("board check on a Cortex-M3: all checks pass, the last one after a restart", (t) =>
  checkBoard(t, CORTEX_M3));
