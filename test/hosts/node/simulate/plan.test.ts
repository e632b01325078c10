/**
 * The faults of a simulation: from a seed, and as people write them.
 */
import test from "tape";
import { type PlannedFault, readFault, readFaultPlan } from "../../../../hosts/node/faults/text.js";
import {
  FAULT_KINDS,
  faultsOf,
  messageFaults,
  sparing,
  type Targets,
  timeline,
} from "../../../../hosts/node/simulate/plan.js";

const TAGS = new Map([["put", 7]]);
const TARGETS: Targets = {
  tasks: ["store", "pump"],
  watched: ["pump"],
  parts: ["i2c.0x48", "pin.4"],
  tagsOf: (task) => (task === "store" ? TAGS : new Map<string, number>()),
  callsOf: (task) => (task === "store" ? ["put"] : []),
};

function take<Value>(values: Iterator<Value, void>, count: number): Value[] {
  return Array.from({ length: count }, () => values.next().value!);
}

const textsOf = (faults: readonly PlannedFault[]): string[] => faults.map(({ text }) => text);

test("faultsOf: every kind comes, and what is written of a fault is that fault again", (t) => {
  const faults = take(faultsOf(1, FAULT_KINDS, TARGETS), 2_000);
  for (const fault of faults.slice(0, 200)) {
    t.deepEqual(readFault(fault.text, TARGETS), fault, fault.text);
  }
  const kinds = new Set<string>(faults.map(({ kind }) => kind));
  for (const kind of FAULT_KINDS) {
    if (kind !== "bus" && kind !== "lost-wakeups") t.ok(kinds.has(kind), kind);
  }
  t.ok(kinds.has("nack") && kinds.has("noise"), "of the board's parts too");
  const hung = faults.flatMap((fault) => (fault.kind === "hang" && "task" in fault ? fault : []));
  t.ok(
    hung.every(({ task }) => task === "pump"),
    "only where it is noticed",
  );
  t.deepEqual(textsOf(take(faultsOf(1, FAULT_KINDS, TARGETS), 50)), textsOf(faults.slice(0, 50)));
  t.end();
});

test("sparing: faults of a seed leave alone what an application relies on", (t) => {
  const struck = sparing(TARGETS, ["pump", "pin.4"], "simulation.ts");
  const texts = textsOf(take(faultsOf(1, FAULT_KINDS, struck), 500));
  t.notOk(
    texts.some((text) => text.includes("pump") || text.includes("pin.4")),
    "neither",
  );
  t.ok(
    texts.some((text) => text.includes("i2c.0x48")),
    "the others",
  );
  t.equal(readFault("kill:pump@1s", TARGETS).text, "kill:pump@1s", "a fault that is named may");
  t.throws(
    () => sparing(TARGETS, ["pimp"], "simulation.ts"),
    /simulation\.ts: spared: found "pimp", allowed are .*\(did you mean "pump"\?\)/,
  );
  t.end();
});

test("timeline: one after the other, those that come again with a stream of their own", (t) => {
  const plan = ["kill:pump@3s", "hold:store@1s", "kill:store@message:put#2", "reboot:board@2s"];
  const once = readFaultPlan(plan, TARGETS);
  t.deepEqual(textsOf([...timeline(once, 1, TARGETS)]), [
    "hold:store@1s",
    "reboot:board@2s",
    "kill:pump@3s",
  ]);
  t.deepEqual(textsOf(messageFaults(once)), ["kill:store@message:put#2"]);
  const again = readFaultPlan(["slow=20ms:store:2s", "kill:pump@1h"], TARGETS);
  const strikes = take(timeline(again, 1, TARGETS), 100);
  t.ok(
    strikes.every(({ text }) => /^slow=20ms:store@[\d.]+ms$/.test(text)),
    "each strike has its time",
  );
  const times = strikes.map(({ when }) => when.at_ms);
  const gaps = times.map((time, index) => time - (times[index - 1] ?? 0));
  t.ok(
    gaps.every((gap) => gap > 999 && gap < 3_001),
    "about every two seconds",
  );
  t.deepEqual(textsOf(take(timeline(again, 1, TARGETS), 100)), textsOf(strikes), "by the seed");
  t.notDeepEqual(textsOf(take(timeline(again, 2, TARGETS), 100)), textsOf(strikes));
  t.end();
});
