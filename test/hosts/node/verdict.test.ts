/**
 * The verdict on a run: a matrix of how the tasks are at the end, what happened, and what was
 * expected.
 */
import test from "tape";
import { readExpectations } from "../../../hosts/node/cli/expect.js";
import { type FinalStatus, type History, judge } from "../../../hosts/node/cli/verdict.js";
import { UsageError } from "../../../hosts/node/input-error.js";

const NAMES = ["thermo", "logger"];

function task(name: string, state: string, more: Partial<FinalStatus> = {}): FinalStatus {
  return { name, state, isHeld: false, ...more };
}

const UP = task("logger", "RECEIVE");

function death(name: string, isInjected = false): History["deaths"][number] {
  const text = "RangeError: no such pin\n    at read";
  const cause = isInjected ? "killed" : "throw";
  return { name, pid: 33, cause, text, lifetime_ms: 4, at_ms: 5, isInjected };
}

function history(more: Partial<History> = {}): History {
  return { deaths: [], reboots: [], deadlocks: [], ended: new Set(), ...more };
}

const DIED = history({ deaths: [death("thermo")] });
const STRUCK = history({ deaths: [death("thermo", true)] });
const REBOOTED = history({
  reboots: [{ at_ms: 7, reason: "thermo keeps dying", isInjected: false }],
});
const REBOOTED_BY_PLAN = history({
  reboots: [{ at_ms: 7, reason: "faults: reboot:board:2s", isInjected: true }],
});
const RING = ["thermo", "logger"];
const WAITING = RING.map((name) => task(name, "REPLY", { deadlock: RING }));
const DEADLOCKED = history({ deadlocks: [{ at_ms: 9, tasks: RING }] });
const HELD = task("thermo", "HELD", { isHeld: true });
const WHY = "throw: RangeError: no such pin";

interface Case {
  readonly what: string;
  readonly tasks: readonly FinalStatus[];
  readonly history?: History;
  readonly expect?: string;
  readonly isStrict?: boolean;
  readonly problems: readonly string[];
}

const CASES: readonly Case[] = [
  { what: "all are up", tasks: [task("thermo", "RUNNING"), UP], problems: [] },
  {
    what: "one has ended well",
    tasks: [task("thermo", "STOPPED"), UP],
    history: history({ ended: new Set(["thermo"]) }),
    problems: [],
  },
  {
    what: "one has died, and then ended well",
    tasks: [task("thermo", "STOPPED"), UP],
    history: history({ deaths: [death("thermo")], ended: new Set(["thermo"]) }),
    problems: [],
  },
  {
    what: "a death was mended",
    tasks: [task("thermo", "REPLY"), UP],
    history: DIED,
    problems: [],
  },
  {
    what: "a death was mended, and none was to be",
    tasks: [task("thermo", "REPLY"), UP],
    history: DIED,
    isStrict: true,
    problems: [`thermo died: ${WHY}`],
  },
  {
    what: "an injected death is no fault",
    tasks: [task("thermo", "REPLY"), UP],
    history: STRUCK,
    isStrict: true,
    problems: [],
  },
  {
    what: "the last death is not mended yet",
    tasks: [task("thermo", "DEAD"), UP],
    history: DIED,
    problems: [`thermo is not up again: ${WHY}`],
  },
  {
    what: "it is being started, and died before",
    tasks: [task("thermo", "STARTING"), UP],
    history: DIED,
    problems: [`thermo is not up again: ${WHY}`],
  },
  {
    what: "it is being started for the first time",
    tasks: [task("thermo", "STARTING"), UP],
    problems: [],
  },
  {
    what: "the last fault was injected a moment ago",
    tasks: [task("thermo", "DEAD"), UP],
    history: STRUCK,
    problems: [],
  },
  {
    what: "one stays dead",
    tasks: [task("thermo", "STOPPED"), UP],
    history: DIED,
    problems: [`thermo is dead and not started again: ${WHY}`],
  },
  {
    what: "one stays dead, as expected",
    tasks: [task("thermo", "STOPPED"), UP],
    history: DIED,
    expect: "stopped:thermo",
    problems: [],
  },
  {
    what: "one is held",
    tasks: [HELD, UP],
    history: DIED,
    problems: [`thermo is held: ${WHY}`],
  },
  { what: "one is held, as expected", tasks: [HELD, UP], expect: "held:thermo", problems: [] },
  {
    what: "one is held that was to be stopped",
    tasks: [HELD, UP],
    expect: "stopped:thermo",
    problems: ["thermo was expected to be stopped, found thermo is held"],
  },
  {
    what: "none is held, against what was expected",
    tasks: [task("thermo", "REPLY"), UP],
    expect: "held:thermo",
    problems: ["thermo was expected to be held, found REPLY"],
  },
  {
    what: "one is stuck",
    tasks: [task("thermo", "STUCK"), UP],
    problems: ["thermo is stuck"],
  },
  {
    what: "one is stuck, as expected",
    tasks: [task("thermo", "STUCK"), UP],
    expect: "stuck:thermo",
    problems: [],
  },
  {
    what: "the board was restarted",
    tasks: [UP],
    history: REBOOTED,
    problems: ["the board was restarted once, the last time because thermo keeps dying"],
  },
  { what: "by the fault plan", tasks: [UP], history: REBOOTED_BY_PLAN, problems: [] },
  { what: "as expected", tasks: [UP], history: REBOOTED, expect: "reboots:1", problems: [] },
  {
    what: "the board was to be restarted, and was not",
    tasks: [UP],
    expect: "reboots:2",
    problems: ["the board was restarted never, expected were 2"],
  },
  {
    what: "tasks wait for each other",
    tasks: WAITING,
    history: DEADLOCKED,
    problems: ["thermo, logger wait for each other"],
  },
  {
    what: "as expected",
    tasks: WAITING,
    history: DEADLOCKED,
    expect: "deadlocks:1",
    problems: [],
  },
  { what: "a deadlock was broken", tasks: [UP], history: DEADLOCKED, problems: [] },
  {
    what: "several things",
    tasks: [HELD, task("logger", "STUCK")],
    history: REBOOTED,
    expect: "reboots:1, held:thermo ,stuck:logger",
    problems: [],
  },
];

for (const { what, tasks, history: happened, expect, isStrict = false, problems } of CASES) {
  test(`judge: ${what}${expect === undefined ? "" : ` (--expect ${expect})`}`, (t) => {
    const expectations = readExpectations(expect === undefined ? [] : [expect], NAMES);
    t.deepEqual(judge(tasks, happened ?? history(), expectations, isStrict), problems);
    t.end();
  });
}

const SHAPE =
  "allowed are held:<task>, stopped:<task>, stuck:<task>, reboots:<number>, deadlocks:<number>, " +
  "with commas between them";

const WRONG: readonly [text: string, problem: string][] = [
  ["", `--expect: found "", ${SHAPE}`],
  ["held", `--expect: found "held", ${SHAPE}`],
  ["held:thermo:x", `--expect: found "held:thermo:x", ${SHAPE}`],
  ["hold:thermo", `--expect: found "hold:thermo", ${SHAPE} (did you mean "held"?)`],
  ["held:termo", '--expect held:termo: found task "termo", allowed are thermo, logger'],
  ["reboots:often", '--expect reboots:often: found "often", allowed is a whole number'],
  ["reboots:1,reboots:2", "--expect reboots:2: found reboots before, allowed is one"],
  ["held:thermo,stopped:thermo", "--expect stopped:thermo: found held:thermo too, allowed is one"],
];

for (const [text, problem] of WRONG) {
  test(`readExpectations: ${JSON.stringify(text)} names what is allowed`, (t) => {
    try {
      readExpectations([text], NAMES);
      t.fail("it was taken");
    } catch (error) {
      t.ok(error instanceof UsageError);
      t.ok((error as Error).message.startsWith(problem), (error as Error).message);
    }
    t.end();
  });
}
