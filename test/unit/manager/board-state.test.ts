/**
 * The table of the board: each state x each event.
 */
import test from "tape";
import {
  BOARD_TABLE,
  type BoardEvent,
  type BoardStep,
  nextStep,
  stateOf,
} from "../../../src/manager/board-state.js";

const EVENTS: readonly BoardEvent[] = ["start", "stop", "reboot", "begun", "cleared", "left"];
const STEPS = Object.keys(BOARD_TABLE) as BoardStep[];

/** Where each event leads, in the order of EVENTS; "-" for an event that is late. */
const LEADS: Readonly<Record<BoardStep, readonly (BoardStep | "-")[]>> = {
  off: ["starting", "off", "restarting, then off", "-", "-", "-"],
  starting: ["starting", "stopping", "restarting", "running", "-", "-"],
  running: ["starting", "stopping", "restarting", "-", "-", "-"],
  restarting: ["restarting", "restarting, then off", "restarting", "-", "starting", "-"],
  "restarting, then off": [
    "restarting",
    "restarting, then off",
    "restarting, then off",
    "-",
    "off",
    "-",
  ],
  stopping: ["stopping, then on", "stopping", "stopping", "-", "-", "off"],
  "stopping, then on": ["stopping, then on", "stopping", "stopping, then on", "-", "-", "starting"],
};

for (const step of STEPS) {
  test(`board: ${step}: where each event leads`, (t) => {
    EVENTS.forEach((event, i) => {
      const to = LEADS[step][i]!;
      const { to: found, effects } = nextStep(step, event);
      t.equal(found, to === "-" ? step : to, event);
      if (to === "-") t.equal(effects.length, 0, `${event} is late, and has no effect`);
    });
    t.end();
  });
}

function effectsOf(step: BoardStep, event: BoardEvent): readonly string[] {
  return nextStep(step, event).effects;
}

test("board: a restart is exclusive, and ends everything once", (t) => {
  for (const step of STEPS) {
    const isUnderWay = stateOf(step) === "restarting" || stateOf(step) === "stopping";
    const clears = effectsOf(step, "reboot").includes("clear");
    t.equal(clears, !isUnderWay, `${step}: ${isUnderWay ? "not again" : "it does"}`);
  }
  t.end();
});

test("board: whoever waits is told at the end of what he waits for", (t) => {
  for (const step of STEPS) {
    if (stateOf(step) === "restarting") {
      t.ok(effectsOf(step, "cleared").includes("stopped"), `${step}: a stop`);
    }
    if (stateOf(step) === "stopping") {
      t.ok(effectsOf(step, "left").includes("stopped"), `${step}: a stop`);
      t.ok(effectsOf(step, "reboot").includes("give up restart"), `${step}: a restart`);
    }
  }
  t.ok(effectsOf("off", "stop").includes("stopped"), "nothing is to be stopped");
  t.ok(effectsOf("restarting, then off", "cleared").includes("restarted"), "nothing is started");
  for (const step of ["restarting", "stopping, then on"] as const) {
    t.ok(effectsOf(step, "stop").includes("give up start"), `${step}: a start that is overtaken`);
  }
  t.end();
});

test("board: looks after itself whenever tasks are to run", (t) => {
  for (const step of STEPS) {
    for (const event of EVENTS) {
      const { to, effects } = nextStep(step, event);
      if (to !== "starting" || step === "starting" || step === "running") continue;
      t.ok(effects.includes("wake"), `${step}, ${event}: it wakes`);
      t.ok(effects.indexOf("wake") < effects.indexOf("launch"), "before anything is launched");
    }
  }
  t.end();
});

test("board: listeners come last", (t) => {
  for (const step of STEPS) {
    for (const event of EVENTS) {
      const effects = effectsOf(step, event);
      if (!effects.includes("tell")) continue;
      t.equal(effects.at(-1), "tell", `${step}, ${event}`);
    }
  }
  t.end();
});
