/**
 * Names: tasks that register one name, interleaved at every point where the code can be stopped.
 *
 * A task in name_attach reads the words of the name: when it has claimed a record, while it writes
 * it, and, after it has marked it, while it compares it with others. At each of these reads another
 * task can be let in, or the first be stopped for good.
 */
import test from "tape";
import { ChannelCreate } from "../../../../src/kernel/channel/channel.js";
import { EEXIST, ENOENT } from "../../../../src/kernel/errno.js";
import * as L from "../../../../src/arena/layout.js";
import { nameAt } from "../../../../src/kernel/channel/name-record.js";
import { nameText } from "../../../../src/kernel/name/name-text.js";
import {
  name_attach,
  name_detach,
  NAME_FLAG_DETACH_SAVEDPP,
  name_open,
} from "../../../../src/kernel/name/name.js";
import type { Vm } from "../../../../src/arena/vm.js";
import { as, Bench } from "../vms.js";

/** Runs `act`, and `hook` at a VM's `count`-th read of a name's words; false when there is none. */
function atRead(vm: Vm, count: number, hook: () => void, act: () => void): boolean {
  let reads = 0;
  const unwatch = (): void => void Reflect.deleteProperty(vm.names!, "get");
  const watch = (text: Int32Array): Int32Array =>
    new Proxy(text, {
      get(words, key) {
        if (reads++ === count) {
          unwatch();
          hook();
        }
        return Reflect.get(words, key, words) as unknown;
      },
    });
  for (const name of ["name", "new1"]) as(vm, () => nameText(name));
  const { get } = Map.prototype;
  vm.names!.get = (name) => watch(get.call(vm.names, name) as Int32Array);
  try {
    act();
  } finally {
    unwatch();
  }
  return reads > count;
}

interface Race {
  readonly bench: Bench;
  readonly first: Vm;
  readonly second: Vm;
  readonly third: Vm;
}

/** Three tasks, and names of the same length around the free records. */
function stage(before: number): Race {
  const bench = new Bench({ names: 6, channels: 12 });
  const [first, second, third] = [bench.start(1), bench.start(2), bench.start(3)];
  as(third, () => {
    const chid = ChannelCreate(0);
    for (let i = 0; i < before; i++) name_attach({ chid }, `nam${i}`, 0);
  });
  return { bench, first: first!, second: second!, third: third! };
}

const attach = (vm: Vm): number => as(vm, () => name_attach(null, "name", 0));

/** Does the name lead to the one that won, and to nobody when none did? */
function leadsTo({ third }: Race, chid: number): boolean {
  const coid = as(third, () => name_open("name", 0));
  return chid > 0 ? coid >= 0 : coid === -ENOENT;
}

for (const before of [0, 2]) {
  test(`name_attach: another task at any point of it, ${before} names before: one wins`, (t) => {
    const outcomes = new Set<string>();
    let points = 0;
    for (;;) {
      const race = stage(before);
      let mine = 0;
      let theirs = 0;
      const act = (): void => void (mine = attach(race.first));
      if (!atRead(race.first, points, () => (theirs = attach(race.second)), act)) break;
      points++;
      const [winner, loser] = mine > 0 ? [mine, theirs] : [theirs, mine];
      if (loser !== -EEXIST || winner <= 0) t.fail(`point ${points}: ${mine} and ${theirs}`);
      if (!leadsTo(race, winner)) t.fail(`point ${points}: the name leads nowhere`);
      outcomes.add(mine > 0 ? "first" : "second");
    }
    t.ok(points >= 4, `${points} points, each with exactly one winner`);
    t.ok(outcomes.has("second"), "who is let in early wins");
    t.end();
  });

  test(`name_attach: two others at any two points of it, ${before} names before: one wins`, (t) => {
    let runs = 0;
    for (let point = 0; point < 14; point++) {
      for (let inner = 0; inner < 14; inner++) {
        const race = stage(before);
        const third = race.bench.start(4);
        const results = [0, 0, 0];
        const innermost = (): void => void (results[2] = attach(third));
        const middle = (): void => {
          atRead(race.second, inner, innermost, () => (results[1] = attach(race.second)));
        };
        atRead(race.first, point, middle, () => (results[0] = attach(race.first)));
        if (results.includes(0)) continue;
        runs++;
        const winners = results.filter((result) => result > 0);
        if (winners.length !== 1) t.fail(`points ${point}, ${inner}: ${results.join(", ")}`);
        if (!results.every((result) => result > 0 || result === -EEXIST)) t.fail("another error");
        if (!leadsTo(race, winners[0]!)) t.fail("the name leads nowhere");
      }
    }
    t.ok(runs >= 16, `${runs} interleavings of three tasks, each with exactly one winner`);
    t.end();
  });

  test(`name_attach: a task that dies at any point of it, ${before} names before: freed`, (t) => {
    let points = 0;
    const stop = (): never => {
      throw new Error("dead");
    };
    for (;;) {
      const race = stage(before);
      let isDead = false;
      atRead(race.first, points, stop, () => {
        try {
          attach(race.first);
        } catch {
          isDead = true;
        }
      });
      if (!isDead) break;
      points++;
      race.bench.bury(race.first);
      const chid = attach(race.second);
      if (chid <= 0) t.fail(`point ${points}: ${chid}`);
      let free = 0;
      while (as(race.second, () => name_attach({ chid }, `free${free}`, 0)) > 0) free++;
      if (free !== 5 - before) t.fail(`point ${points}: ${free} names are free`);
    }
    t.ok(points >= 4, `${points} points, each time the name and all records are free`);
    t.end();
  });
}

/** What a rival's record says (owner, state), whether it comes earlier, and who gets the name. */
const RIVALS: readonly (readonly [string, boolean, (pid: number) => number, boolean])[] = [
  ["an earlier record that is being registered", true, (pid) => -pid, false],
  ["a later record that is being registered", false, (pid) => -pid, true],
  ["an earlier record that is registered", true, (pid) => pid, false],
  ["a later record that is registered", false, (pid) => pid, false],
  ["an earlier record that is claimed and not marked", true, () => 0, true],
  ["an earlier record with its predecessor's state", true, (pid) => pid - 512, true],
  ["an earlier record with its predecessor's mark", true, (pid) => 512 - pid, true],
];

for (const [what, isEarlier, state, wins] of RIVALS) {
  test(`name_attach: against ${what}: ${wins ? "wins" : "-EEXIST"}`, (t) => {
    const { first, second, bench } = stage(0);
    const rival = as(first, () => nameAt(isEarlier ? 0 : 5));
    // The rival's record is a real one; its owner is stopped in the middle of registering.
    const chid = as(second, () => name_attach(null, "name", 0));
    const real = as(first, () => nameAt(0));
    for (let word = 0; word < L.NAME_WORDS; word++) {
      first.words[rival + word] = first.words[real + word]!;
    }
    if (rival !== real) first.words[real + L.NAME_OWNER] = 0;
    first.words[rival + L.NAME_STATE] = state(second.pid);
    const mine = attach(first);
    if (wins) t.ok(mine > 0, "the name is its own");
    else t.equal(mine, -EEXIST, "the rival has it");
    const isStruckOut = first.words[rival + L.NAME_STATE] === 0;
    t.equal(
      isStruckOut,
      wins && state(second.pid) !== second.pid - 512 && isMark(state, second),
      "struck out",
    );
    bench.bury(second);
    t.ok(chid > 0, "the rival's channel");
    if (!wins) t.ok(attach(first) > 0, "when the rival is dead the name is free");
    t.end();
  });
}

/** True when the rival's state is its own mark, or nothing. */
function isMark(state: (pid: number) => number, rival: Vm): boolean {
  const word = state(rival.pid);
  return word === -rival.pid || word === 0;
}

test("name_detach: the record's next owner is not registered under the old name", (t) => {
  const { first, second } = stage(0);
  const chid = as(first, () => name_attach(null, "old1", 0));
  as(first, () => name_detach(chid, NAME_FLAG_DETACH_SAVEDPP));
  let seen = 0;
  const look = (): void => void (seen = as(second, () => name_open("old1", 0)));
  let points = 0;
  // At every point of the same task's next registration in that record.
  for (; points < 8; points++) {
    atRead(first, points, look, () => as(first, () => name_attach({ chid }, "new1", 0)));
    if (seen !== -ENOENT) t.fail(`point ${points}: ${seen}`);
    as(first, () => name_detach(chid, NAME_FLAG_DETACH_SAVEDPP));
  }
  t.equal(points, 8, "eight points, and the old name never comes back");
  t.end();
});

test("nameText: a VM keeps the names it has used, and no more than can be registered", (t) => {
  const { first } = stage(0);
  as(first, () => {
    t.equal(nameText("name"), nameText("name"), "the same words each time");
    for (let i = 0; i < 20; i++) nameText(`name${i}`);
    const { size } = first.names!;
    t.ok(size <= 6, `${size} are kept, of 6 that the system has room for`);
    t.equal(nameText("/name"), null, "what cannot be a name is not");
    t.equal(nameText(4 as never), null, "nor what is no string");
  });
  t.end();
});
