/**
 * A Cortex-M3, the second chip: its processor faults when a word is not aligned, and its port of
 * FreeRTOS is FreeRTOS's own. Here the self-tests, the board check, the budgets, and the contract
 * in the mode that is most like a chip: one core, Atomics as on Xtensa.
 */
import test from "tape";
import { checkBoard } from "../xs-linux/board-check.js";
import { contractTest } from "../xs-linux/contract.js";
import { checkBudgets } from "./budgets-kept.js";
import { CORTEX_M3, ROOMY_M3 } from "./chip.js";
import { LONG } from "./contract.js";
import { chipSelftest } from "./selftests.js";

/** They take as long as all others together, and nothing in them is the chip's own. */
const LONG_SELF_TESTS = [
  "wait: 50,000 rounds without a bound lose nothing and allocate nothing",
  "lossy-waits: who notifies again until the waiter is awake loses nothing",
];

chipSelftest("cortex-m3", { leftOut: LONG_SELF_TESTS });

test("board check on a Cortex-M3: all checks pass, the last one after a restart", (t) =>
  checkBoard(t, CORTEX_M3));

contractTest(ROOMY_M3, { leftOut: LONG });

test("budgets on a Cortex-M3", async (t) => void (await checkBudgets(t, "cortex-m3")));
