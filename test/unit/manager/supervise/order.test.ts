/**
 * The order of tasks by their dependencies.
 */
import * as fc from "fast-check";
import test from "tape";
import {
  connectedWith,
  type Dependent,
  findCycle,
  startOrder,
  withDependents,
} from "../../../../src/manager/supervise/order.js";
import { check, seeded } from "../../kernel/seed.js";

/** Tasks as "name: what it depends on". */
function tasksOf(...lines: readonly string[]): Dependent[] {
  return lines.map((line) => {
    const [name = "", rest = ""] = line.split(":");
    return { name: name.trim(), dependsOn: rest.split(" ").filter((word) => word !== "") };
  });
}

function names(tasks: readonly Dependent[]): string {
  return tasks.map(({ name }) => name).join(" ");
}

const STATION = tasksOf(
  "display: store",
  "station: sensor store",
  "sensor",
  "store: flash",
  "flash",
  "clock",
);

test("startOrder: what a task depends on comes first, else as declared", (t) => {
  t.equal(names(startOrder(STATION)), "flash store display sensor station clock");
  t.equal(names(startOrder(tasksOf("b", "a", "c"))), "b a c", "without dependencies");
  t.equal(names(startOrder([])), "", "no tasks");
  t.end();
});

const CYCLES: readonly (readonly [string, Dependent[], string[] | null])[] = [
  ["none", STATION, null],
  ["a task that waits for itself", tasksOf("a: a"), ["a", "a"]],
  ["two", tasksOf("a: b", "b: a"), ["a", "b", "a"]],
  [
    "three, behind one that is not in it",
    tasksOf("x: a", "a: b", "b: c", "c: a"),
    ["a", "b", "c", "a"],
  ],
  ["a diamond is none", tasksOf("a: b c", "b: d", "c: d", "d"), null],
];

for (const [title, tasks, cycle] of CYCLES) {
  test(`findCycle: ${title}`, (t) => {
    t.deepEqual(findCycle(tasks), cycle);
    t.end();
  });
}

test("withDependents: a task and all that depend on it, directly or not", (t) => {
  const [, , sensor, store, flash, clock] = STATION;
  t.equal(names(withDependents(STATION, flash!)), "display station store flash");
  t.equal(names(withDependents(STATION, store!)), "display station store");
  t.equal(names(withDependents(STATION, sensor!)), "station sensor");
  t.equal(names(withDependents(STATION, clock!)), "clock");
  t.end();
});

test("connectedWith: all that dependencies connect, whichever way", (t) => {
  const [display, , , , , clock] = STATION;
  t.equal(names(connectedWith(STATION, display!)), "display station sensor store flash");
  t.equal(names(connectedWith(STATION, clock!)), "clock");
  t.end();
});

/** Random tasks: each depends on some of those before it, so there is no cycle. */
const anyTasks = fc.array(fc.array(fc.nat(30), { maxLength: 4 }), { maxLength: 30 }).map((rows) =>
  rows.map((row, i) => ({
    name: `t${i}`,
    dependsOn: i === 0 ? [] : row.map((n) => `t${n % i}`),
  })),
);

test(seeded("startOrder: every task once, and after what it depends on"), (t) => {
  check(
    fc.property(anyTasks, (tasks) => {
      const order = names(startOrder(tasks.slice().reverse())).split(" ");
      const places = new Map(order.map((name, i) => [name, i]));
      return (
        tasks.length === 0 ||
        (places.size === tasks.length &&
          tasks.every(({ name, dependsOn }) =>
            dependsOn.every((other) => places.get(other)! < places.get(name)!),
          ))
      );
    }),
  );
  t.pass("for all that were tried");
  t.end();
});

test(seeded("findCycle: finds one exactly when an edge back was added"), (t) => {
  check(
    fc.property(anyTasks, fc.nat(), fc.nat(), (tasks, from, to) => {
      if (findCycle(tasks) !== null) return false;
      if (tasks.length === 0) return true;
      const first = tasks[from % tasks.length]!;
      const last = tasks[to % tasks.length]!;
      const makesCycle = withDependents(tasks, last).includes(first) || first === last;
      const more = tasks.map((task) =>
        task === last ? { ...task, dependsOn: [...task.dependsOn, first.name] } : task,
      );
      return (findCycle(more) !== null) === makesCycle;
    }),
  );
  t.pass("for all that were tried");
  t.end();
});
