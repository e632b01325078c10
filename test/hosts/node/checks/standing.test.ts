/**
 * How a task stands: what a test waits for, and what a simulation asks for at rest.
 */
import test from "tape";
import { isSettled, isUp, standingOf } from "../../../../hosts/node/checks/standing.js";

test("standingOf: each state, and whether it is up, and stays so", (t) => {
  const cases: [state: string, isHeld: boolean, standing: string, up: boolean, settled: boolean][] =
    [
      ["RECEIVE", false, "up", true, true],
      ["RUNNING", false, "up", true, true],
      ["RECOVERING", false, "recovering", true, false],
      ["HUNG", false, "hung", false, true],
      ["STARTING", false, "coming", false, false],
      ["DEAD", false, "coming", false, false],
      ["HELD", false, "held", false, true],
      ["RECEIVE", true, "held", false, true],
      ["STOPPED", false, "stopped", true, true],
      ["STUCK", true, "stuck", false, true],
    ];
  for (const [state, isHeld, standing, up, settled] of cases) {
    const task = { state, isHeld };
    t.deepEqual([standingOf(task), isUp(task), isSettled(task)], [standing, up, settled], state);
  }
  t.end();
});
