/**
 * The log of the page, the stream that it comes in, and the plan of the fault lab.
 */
import test from "tape";
import { PART_FAULTS, whyNoFault } from "../../../../hosts/node/hardware/board/parts.js";
import {
  commandOf,
  faultOf,
  isOfMessage,
  isTime,
  kindsFor,
  strikeOf,
  targetsOf,
  timesOf,
  whensFor,
} from "../../../../hosts/node/page/model/fault-plan.js";
import { type LogFilter, logRows } from "../../../../hosts/node/page/model/log-lines.js";
import { Lines } from "../../../../hosts/node/page/stream/lines.js";
import { needsTracing, readFault, readStrike } from "../../../../hosts/node/faults/text.js";
import { Play } from "./play.js";

const ALL: LogFilter = { task: "", words: "", hasEvents: true, level: "debug" };

/** A death, its successor and some output. */
function play(): Play {
  return new Play()
    .show({}, 1000)
    .tell({ what: "log", task: "station", level: "info", text: "21.5 degrees" })
    .kill("sensor")
    .show({}, 200)
    .tell({ what: "ready", task: "sensor", pid: 99 })
    .tell({ what: "log", task: "station", level: "warn", text: "a gap of 200 ms" });
}

const texts = (filter: Partial<LogFilter>, ms = Infinity): string[] =>
  logRows(play().recording, { ...ALL, ...filter }, ms).map(({ task, text }) => `${task}: ${text}`);

test("log: output and events in the order in which they happened", (t) => {
  t.deepEqual(texts({}), [
    "station: 21.5 degrees",
    "sensor: ✕ died (pid 33): killed: ended from outside",
    "sensor: ○ ready again, 0.2 s after its death (pid 99)",
    "station: a gap of 200 ms",
  ]);
  t.end();
});

test("log: filtered by task, kind, level, words and time", (t) => {
  t.equal(texts({ task: "sensor" }).length, 2);
  t.deepEqual(texts({ hasEvents: false, level: "warn" }), ["station: a gap of 200 ms"]);
  t.equal(texts({ level: null }).length, 2);
  t.deepEqual(texts({ words: "degrees" }), ["station: 21.5 degrees"]);
  t.equal(texts({}, 1100).length, 2, "what came later is not shown when one looks back");
  t.end();
});

test("log: of many lines the last 200 are shown, and what is kept is bounded", (t) => {
  const long = new Play().show({}, 200);
  for (let i = 0; i < 10_000; i++) {
    long.tell({ what: "log", task: "station", level: "info", text: `line ${i}` });
  }
  const rows = logRows(long.recording, ALL, Infinity);
  t.equal(rows.length, 200);
  t.equal(rows.at(-1)!.text, "line 9999");
  t.ok(long.recording.entries.length < 4000, `${long.recording.entries.length} are kept`);
  t.end();
});

test("stream: pieces become lines, wherever they are cut", (t) => {
  const lines = new Lines();
  t.deepEqual(lines.push('{"a":1}\n{"b"'), ['{"a":1}']);
  t.deepEqual(lines.push(":2"), []);
  t.deepEqual(lines.push("}\n\n"), ['{"b":2}']);
  t.end();
});

test("fault lab: it offers the faults that the plan takes, for each kind of part", (t) => {
  for (const part of ["i2c.0x48", "pin.4", "analog.1", "serial.0"]) {
    const allowed = PART_FAULTS.filter((kind) => whyNoFault(kind, part) === "");
    t.deepEqual(kindsFor(part, ["sensor"], true), allowed, part);
  }
  t.end();
});

test("fault lab: whatever can be chosen for a task or the board is a fault", (t) => {
  const tasks = ["sensor"];
  const made: string[] = [];
  for (const isTraced of [false, true]) {
    for (const target of targetsOf(tasks, [])) {
      const isTask = tasks.includes(target);
      for (const kind of kindsFor(target, tasks, isTraced)) {
        for (const times of new Set(["", timesOf(kind, isTask)])) {
          for (const when of whensFor(kind, isTask, isTraced)) {
            const choice = { target, kind, times, when, every: "2s", call: "", number: "3" };
            made.push(faultOf(choice));
            t.equal(readFault(faultOf(choice), { tasks }).kind, kind, faultOf(choice));
            t.equal(needsTracing(faultOf(choice)) && !isTraced, false);
            if (isOfMessage(kind, isTask)) continue;
            t.equal(readStrike(strikeOf(choice), { tasks }).kind, kind, strikeOf(choice));
          }
        }
      }
    }
  }
  for (const text of [
    "kill:sensor:2s",
    "slow=10ms,1s:sensor:2s",
    "lost-wakeups:sensor@after-effect:3",
    "reboot:board:2s",
    "reboot:sensor@message:3",
  ]) {
    t.ok(made.includes(text), text);
  }
  const choice = { target: "a", kind: "kill", times: "", every: "", call: "put", number: "57" };
  t.equal(faultOf({ ...choice, when: "message" }), "kill:a@message:put#57");
  t.end();
});

test("fault lab: the command line repeats the plan", (t) => {
  const rules = [{ id: 1, fault: "kill:sensor:2s", struck: 3 }];
  t.equal(
    commandOf("examples/weather-station/manifest.json", rules, 7),
    "npx reattach run examples/weather-station --fault kill:sensor:2s --seed 7",
  );
  t.equal(commandOf("manifest.json", [], 1), "npx reattach run . --seed 1");
  t.equal(commandOf("my app/manifest.json", [], 1), "npx reattach run 'my app' --seed 1");
  t.deepEqual(["2s", "500ms", "1.5", "soon", "-1s"].map(isTime), [true, true, true, false, false]);
  t.end();
});
