/**
 * Rings of a trace: what a reader gets when writers die at any step, successors go on, and the
 * writer overtakes the reader at any step of it.
 */
import test from "tape";
import { Death, loadStepped, mortal } from "./stepped.js";

const modules = await loadStepped();
const { RING_HIGH, RING_LAST, RING_MASK, TIME_RANGE } = modules;
const { RingReader, attachRing, createRings, hands, ringOf, traceStarted, useClock } = modules;

const RECORDS = 16;
/** A record writes so many words, and one more where the high part of the time is another. */
const WRITES = 6;
const WRITES_WITH_CLOCK = 2 * WRITES + 1;
/** Place of the ring, among others that must not be touched. */
const PLACE = 1;
/** The time of the n-th event: the high part changes with each but one. */
const TICK_US = TIME_RANGE / 2 + 1;

/** A ring, and a writer whose n-th record says n in all its fields. */
class World {
  readonly memory = createRings(3, RECORDS);
  readonly ring = ringOf(this.memory, PLACE);
  readonly reader = new RingReader(this.memory, PLACE);
  readonly tick_us: number;
  events = 0;
  /** Told by the reader, in order. */
  read: number[] = [];
  lost = 0;
  torn = 0;

  constructor(tick_us: number) {
    this.tick_us = tick_us;
  }

  /** The next incarnation takes the ring. */
  attach(ring = this.ring): void {
    useClock(() => this.events * this.tick_us);
    attachRing(ring);
  }

  write(count: number): void {
    for (let i = 0; i < count; i++) {
      this.events++;
      traceStarted(this.events);
    }
  }

  /** Writes one record and dies in it; false when it was finished before that. */
  die(writes: number): boolean {
    this.attach(mortal(this.ring, writes));
    try {
      this.write(1);
      return false;
    } catch (error) {
      if (error instanceof Death) return true;
      throw error;
    } finally {
      this.attach();
    }
  }

  /** Reads; a message for the first record that is not what was written, or "". */
  look(isOver = false): string {
    const { entries, lost, torn } = this.reader.read(isOver);
    this.lost += lost;
    this.torn += torn;
    let wrong = "";
    for (const { message, peer, place, time_us } of entries) {
      const isRight = peer === (message & 511) && time_us === message * this.tick_us;
      if (!isRight || place !== PLACE) wrong ||= `${message}: ${peer}, ${time_us}`;
      if (message <= (this.read.at(-1) ?? 0)) wrong ||= `${message} after ${this.read.at(-1)}`;
      this.read.push(message);
    }
    return wrong;
  }
}

test("ring: what is written is read, with its time; nothing beside the ring is touched", (t) => {
  const world = new World(TICK_US);
  world.attach();
  for (let i = 1; i <= 40; i++) {
    world.write(5);
    t.equal(world.look(), "");
  }
  t.deepEqual(
    world.read,
    Array.from({ length: 200 }, (_, i) => i + 1),
  );
  t.equal(world.lost + world.torn, 0);
  for (const place of [0, 2]) {
    const words = [...ringOf(world.memory, place)];
    t.deepEqual(
      words.filter((word) => word !== 0),
      [RECORDS - 1],
      `ring ${place}`,
    );
  }
  t.end();
});

test("ring: every word is written with a store that keeps its place among the others", (t) => {
  const world = new World(TICK_US);
  let writes = 0;
  const counted = new Proxy(world.ring, {
    get: (target, key) => Reflect.get(target, key) as unknown,
    set: (target, key, value) => {
      writes++;
      return Reflect.set(target, key, value);
    },
  });
  world.attach(counted);
  hands.stores = 0;
  world.write(2);
  t.equal(writes, 2 * WRITES_WITH_CLOCK - WRITES - 1, "the second alone has another high part");
  t.equal(hands.stores, writes);
  t.end();
});

test("ring: a reader that is late hears how many records it has lost, and all others", (t) => {
  for (const tick_us of [1, TICK_US]) {
    for (const count of [RECORDS, RECORDS + 1, 3 * RECORDS, 1000]) {
      const world = new World(tick_us);
      world.attach();
      world.write(3);
      t.equal(world.look(), "");
      world.write(count);
      t.equal(world.look(), "", `${count} records of ${tick_us} µs`);
      t.equal(world.read.at(-1), 3 + count, "the last is told");
      const records = world.ring[RING_LAST]!;
      t.ok(world.lost > 0 === records > RECORDS + 3, `${world.lost} lost`);
      world.write(2);
      t.equal(world.look(), "", "and it goes on");
      t.equal(world.read.at(-1), 5 + count);
    }
  }
  t.end();
});

/** A ring whose records were all written once, so that there is something to be confused with. */
function full(tick_us: number): World {
  const world = new World(tick_us);
  world.attach();
  for (let i = 0; i < 3; i++) {
    world.write(RECORDS / 4);
    world.look();
  }
  return world;
}

test("ring: a writer that dies at any step leaves no false record; its successor goes on", (t) => {
  for (const tick_us of [1, TICK_US]) {
    const steps = tick_us === 1 ? WRITES : WRITES_WITH_CLOCK;
    let deaths = 0;
    for (let step = 0; step < steps + WRITES; step++) {
      for (const looks of [false, true]) {
        const world = full(tick_us);
        const before = world.events;
        if (world.die(step)) deaths++;
        const says = `step ${step} of ${tick_us} µs${looks ? ", looked at between" : ""}`;
        if (looks) t.equal(world.look(), "", says);
        world.write(4);
        t.equal(world.look(), "", says);
        const after = world.read.filter((event) => event > before);
        const isWhole = after[0] === before + 1;
        t.deepEqual(
          after.slice(isWhole ? 1 : 0),
          [2, 3, 4, 5].map((i) => before + i),
          says,
        );
        t.ok(world.torn <= 1 && world.lost === 0, `${says}: ${world.torn} torn`);
      }
    }
    t.ok(deaths >= WRITES, `${deaths} deaths`);
  }
  t.end();
});

test("ring: the last record of a writer that is not followed is torn, once it is over", (t) => {
  const world = full(1);
  t.ok(world.die(WRITES - 1));
  t.equal(world.look(), "");
  t.equal(world.torn, 0, "it may still be writing");
  t.equal(world.look(true), "");
  t.equal(world.torn, 1);
  t.equal(world.look(true), "");
  t.equal(world.torn, 1, "once");
  t.end();
});

test("ring: a writer overtakes the reader at any step, and dies: every record is right", (t) => {
  let cases = 0;
  let wrong = "";
  for (const tick_us of [1, TICK_US]) {
    for (const records of [0, 1, RECORDS / 2 - 1, RECORDS - 1, RECORDS, 2 * RECORDS]) {
      for (let step = 0; step <= WRITES; step++) {
        for (let load = 0, isHit = true; isHit; load++) {
          const world = full(tick_us);
          world.write(5);
          isHit = false;
          let left = load;
          hands.beforeLoad = () => {
            if (left-- !== 0) return;
            isHit = true;
            hands.beforeLoad = () => undefined;
            world.write(records);
            world.die(step);
          };
          wrong ||= describe(world, `load ${load}, ${records} records, step ${step}`);
          hands.beforeLoad = () => undefined;
          world.write(2);
          wrong ||= describe(world, `then: load ${load}, ${records} records, step ${step}`);
          if (world.read.at(-1) !== world.events) wrong ||= `load ${load}: the last is missing`;
          const { lost, torn, read } = world;
          // CLOCK records are counted and not told.
          if (tick_us === 1 && lost + torn + read.length !== world.ring[RING_LAST]) {
            wrong ||= `load ${load}, ${records}, step ${step}: ${lost} + ${torn} + ${read.length}`;
          }
          cases++;
        }
      }
    }
  }
  t.equal(wrong, "");
  t.ok(cases > 2_000, `${cases} cases`);
  t.end();
});

function describe(world: World, what: string): string {
  const wrong = world.look();
  return wrong === "" ? "" : `${what}: ${wrong}`;
}

test("ring: numbers begin again after 2^32 records", (t) => {
  const world = new World(1);
  world.ring[RING_LAST] = -3;
  const reader = new RingReader(world.memory, PLACE);
  world.attach();
  reader.read(true);
  world.write(6);
  const { entries, torn, lost } = reader.read();
  const numbers = entries.map(({ number }) => number);
  t.deepEqual(numbers, [0xffff_fffe, 0xffff_ffff, 1, 2, 3]);
  t.deepEqual({ torn, lost }, { torn: 1, lost: 0 }, "number 0 counts as torn");
  t.end();
});

test("ring: a board that is up for 50 days, and a task that was asleep for most of them", (t) => {
  const DAY_US = 86_400_000_000;
  const world = new World(10 * DAY_US);
  world.attach();
  world.write(5);
  t.equal(world.look(), "");
  t.equal(world.read.length, 5);
  t.equal(world.ring[RING_HIGH], Math.floor((50 * DAY_US) / TIME_RANGE));
  t.end();
});

test("ring: as many records as asked for, or the next power of two", (t) => {
  for (const [asked, got] of [
    [0, 16],
    [16, 16],
    [17, 32],
    [8192, 8192],
  ] as const) {
    t.equal(ringOf(createRings(1, asked), 0)[RING_MASK]! + 1, got, `${asked}`);
  }
  t.end();
});

test("ring: a VM that is no task yet, or no more, records nothing", (t) => {
  const world = new World(1);
  Object.assign(globalThis, { $ring: undefined });
  world.write(1);
  world.attach();
  Object.assign(globalThis, { $vm: { pid: PLACE } });
  modules.traceEnd();
  world.write(1);
  t.equal(world.ring[RING_LAST], 1, "only its end");
  t.end();
});
