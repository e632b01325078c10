/**
 * `abilities` and `stableBytes` of a task's manifest: what they mean, and what is wrong with them.
 */
import test from "tape";
import { DEFAULT_ABILITIES } from "../../../src/manager/abilities.js";
import { readReattach, type ReattachConfig } from "../../../src/manifest/reattach.js";

/** Reads a manifest with a task "sensor" like this, and two others. */
function read(sensor: object, limits: object = {}): { config: ReattachConfig; problems: string[] } {
  const problems: string[] = [];
  const tasks = {
    boss: { module: "m" },
    sensor: { module: "m", ...sensor },
    store: { module: "m", stableBytes: 64 },
  };
  const config = readReattach({ tasks, limits }, null, problems);
  return { config, problems };
}

const abilitiesOf = (value: unknown) => {
  const { config, problems } = read({ abilities: value });
  return { abilities: config.tasks[1]!.abilities, problems };
};

test("abilities: the list is all that a task may; without one it may observe", (t) => {
  t.deepEqual(read({}).config.tasks[1]!.abilities, DEFAULT_ABILITIES, "the default");
  t.deepEqual(
    abilitiesOf([]).abilities,
    { mayObserve: false, mayManage: false, mayRestart: [] },
    "none",
  );
  const many = abilitiesOf(["observe", "restart:store", "restart:sensor"]);
  t.deepEqual(many.problems, [], "no problem");
  t.deepEqual(
    many.abilities,
    { mayObserve: true, mayManage: false, mayRestart: ["sensor", "store"] },
    "three of them",
  );
  t.ok(abilitiesOf(["manage"]).abilities.mayManage, "to manage");
  t.end();
});

test("abilities: a slip is found, with what was meant", (t) => {
  const path = "config.reattach.tasks.sensor.abilities";
  const all = "observe, manage, restart:boss, restart:sensor, restart:store";
  const hint = (word: string): string => ` (did you mean "${word}"?)`;
  for (const [value, problem] of [
    ["manage", `${path}: found "manage", allowed is a list of ${all}`],
    [{}, `${path}: found {}, allowed is a list of ${all}`],
    [["mange"], `${path}: found "mange", allowed are ${all}${hint("manage")}`],
    [
      ["restart:stroe"],
      `${path}: found "restart:stroe", allowed are ${all}${hint("restart:store")}`,
    ],
    [["restart:nobody"], `${path}: found "restart:nobody", allowed are ${all}`],
    [[7], `${path}: found 7, allowed are ${all}`],
  ] as const) {
    t.deepEqual(abilitiesOf(value).problems, [problem], JSON.stringify(value));
  }
  t.deepEqual(
    read({ abilites: [] }).problems.map((text) => text.slice(-28)),
    ['(did you mean "abilities"?)'].map((text) => ` ${text}`),
    "the key",
  );
  t.end();
});

test("stableBytes: of a task, in its place; nothing where all are alike", (t) => {
  t.equal(read({}).config.limits.stableBytesOf, undefined, "64, as the limit");
  const { config } = read({ stableBytes: 100 }, { tasks: 4, stableBytes: 0 });
  t.deepEqual(config.limits.stableBytesOf, [0, 100, 64, 0], "boss, sensor, store, and one to come");
  for (const bad of [-1, 0.5, "64", 65_537, null]) {
    const { problems } = read({ stableBytes: bad });
    t.deepEqual(
      problems,
      [
        `config.reattach.tasks.sensor.stableBytes: found ${JSON.stringify(bad)}, ` +
          "allowed is a whole number from 0 to 65536",
      ],
      String(bad),
    );
  }
  t.end();
});
