/**
 * Handles: a serial number and a kind, and what a stale one is.
 */
import test from "tape";
import { EEXIST, EINVAL, ENAMETOOLONG, ENOENT } from "../../../../src/kernel/errno.js";
import { MAIN_PID } from "../../../../src/kernel/task/task.js";
import { CONDDEATH } from "../../../../src/ham/protocol/constants.js";
import { nameError, PATH_MAX } from "../../../../src/ham/protocol/entity-names.js";
import { KIND_ENTITY } from "../../../../src/ham/protocol/handles.js";
import { Registry } from "../../../../src/ham/model/registry.js";

const LISTENER = { marksReached: (): void => undefined };

test("handles: the next one of a kind is never that of one that is gone", (t) => {
  const registry = new Registry(0, LISTENER);
  const seen = new Set<number>();
  for (let i = 0; i < 1_000; i++) {
    const entity = registry.addEntity("e", "placeholder", 0, MAIN_PID, 0);
    if (seen.has(entity.handle)) t.fail(`again: ${entity.handle}`);
    seen.add(entity.handle);
    registry.removeEntity(entity);
    if (registry.entityOf(entity.handle) !== -ENOENT) t.fail("a stale one is found");
  }
  t.equal(seen.size, 1_000, "each is another");
  t.equal(registry.entityOf(KIND_ENTITY), -EINVAL, "serial 0 never was");
  t.equal(registry.conditionOf(6), -EINVAL, "nor was a condition");
  t.end();
});

test("registry: an entity that is removed twice counts once", (t) => {
  const registry = new Registry(0, LISTENER);
  const entity = registry.addEntity("e", "placeholder", 0, MAIN_PID, 0);
  const condition = registry.addCondition(entity, "c", CONDDEATH, 0, MAIN_PID);
  if (typeof condition === "number") throw new Error("no condition");
  registry.removeEntity(entity);
  registry.removeEntity(entity);
  registry.removeCondition(condition);
  t.equal(registry.conditions, 0, "conditions");
  for (let i = 0; i < 32; i++) {
    t.equal(registry.entityError(`e${i}`), 0, `entity ${i}`);
    registry.addEntity(`e${i}`, "placeholder", 0, MAIN_PID, 0);
  }
  t.equal(registry.entityError("more"), -12, "ENOMEM");
  t.end();
});

test("registry: the global entity's name is taken", (t) => {
  const registry = new Registry(0, LISTENER);
  t.equal(registry.entityError(".global"), -EEXIST);
  t.equal(registry.entityNamed(".global"), registry.global);
  t.end();
});

test("names: printable ASCII without a slash, 255 characters with the path above", (t) => {
  for (const [name, above, error] of [
    ["a", 0, 0],
    ["a b.~", 0, 0],
    ["a".repeat(PATH_MAX), 0, 0],
    ["a".repeat(PATH_MAX), 1, -ENAMETOOLONG],
    ["", 0, -EINVAL],
    ["/", 0, -EINVAL],
    ["a/", 0, -EINVAL],
    ["\u00e4", 0, -EINVAL],
    ["\t", 0, -EINVAL],
  ] as const) {
    t.equal(nameError(name, above), error, JSON.stringify(name));
  }
  t.end();
});
