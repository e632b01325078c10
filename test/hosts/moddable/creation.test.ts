/**
 * What a task's Worker is created with: everything, always.
 */
import test from "tape";
import type { TaskSpec } from "../../../src/manifest/reattach.js";
import { DEFAULT_ABILITIES } from "../../../src/manager/abilities.js";
import { DEFAULT_POLICY } from "../../../src/manager/supervise/policy.js";
import { PRIORITY_MAX } from "../../../src/kernel/task/task.js";
import { workerOptions } from "../../../hosts/moddable/worker-options.js";

/** Of FreeRTOS: the main VM's. */
const MAIN_PRIORITY = 4;
const task: TaskSpec = {
  name: "task",
  module: "task",
  priority: 10,
  heartbeat: null,
  load_ms: 10_000,
  answer_ms: 0,
  dependsOn: [],
  services: [],
  standby: false,
  abilities: DEFAULT_ABILITIES,
  essential: false,
  restart: DEFAULT_POLICY,
};

test("creation: a worker inherits nothing of main, whatever the manifest says", (t) => {
  const all = ["chunk", "heap", "keys", "nativeStack", "priority", "stack", "static"];
  t.deepEqual(Object.keys(workerOptions(task)).sort(), all, "nothing said");
  const some = workerOptions({ ...task, creation: { static: 16_384, heap: { initial: 128 } } });
  t.deepEqual(Object.keys(some).sort(), all, "something said");
  t.equal(some.static, 16_384, "what is said, holds");
  t.equal(some.heap?.initial, 128, "in a pool too");
  t.ok(some.heap?.incremental, "and the rest of the pool has its default");
  t.equal(workerOptions({ ...task, creation: { core: 1 } }).core, 1, "a core, if one is named");
  t.end();
});

test("creation: every priority is below main's, and more urgent tasks never get less", (t) => {
  let last = 1;
  for (let priority = 1; priority <= PRIORITY_MAX; priority++) {
    const given = workerOptions({ ...task, priority }).priority!;
    if (given < last || given >= MAIN_PRIORITY) t.fail(`${priority} becomes ${given}`);
    last = given;
  }
  t.equal(last, MAIN_PRIORITY - 1, "the highest is right below main");
  t.equal(workerOptions({ ...task, creation: { priority: 1 } }).priority, 1, "unless it is said");
  t.end();
});
