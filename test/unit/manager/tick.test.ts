/**
 * The tick of the main VM: when it looks, and when it does not even look at the clock.
 */
import test from "tape";
import * as L from "../../../src/arena/layout.js";
import { poison } from "../../../src/kernel/task/task.js";
import { Tick, type TickTarget } from "../../../src/manager/tick.js";
import { name_attach } from "../../../src/kernel/name/name.js";
import { reportDeath } from "../../../src/kernel/death/death.js";
import { ChannelCreate } from "../../../src/kernel/channel/channel.js";
import { as, Bench, connect, post } from "../kernel/vms.js";

const TICK_MS = 10;

/** A tick every 10 ms, on fake time. */
class Stage implements TickTarget {
  readonly bench = new Bench();
  readonly tick: Tick;
  time = 0;
  due_ms = Infinity;
  feeds = 0;
  clockLooks = 0;
  sends = 0;
  /** When it looked, and whether because the doorbell had rung. */
  readonly looks: [number, boolean][] = [];
  /** Called inside a look, once. */
  atLook: (() => void) | null = null;

  constructor(tick_ms = TICK_MS, guardian_ms = 0) {
    this.tick = new Tick(this, tick_ms, guardian_ms);
    this.tick.use(this.bench.main);
    this.tick.poll();
    this.looks.length = 0;
    this.clockLooks = 0;
  }

  feed(): void {
    this.feeds++;
  }

  now(): number {
    this.clockLooks++;
    return this.time;
  }

  look(now: number, isRung: boolean): void {
    this.looks.push([now, isRung]);
    const act = this.atLook;
    this.atLook = null;
    act?.();
    this.tick.until(this.due_ms);
  }

  moveSend(): void {
    this.sends++;
  }

  /** Lets so many ticks pass. */
  pass(ticks: number, each_ms = TICK_MS): void {
    for (let i = 0; i < ticks; i++) {
      this.time += each_ms;
      this.tick.poll();
    }
  }
}

test("tick: looks when something is due, and hardly at the clock before", (t) => {
  const stage = new Stage();
  stage.due_ms = 1_000;
  stage.tick.until(1_000);
  stage.pass(99);
  t.deepEqual(stage.looks, [], "not before");
  t.ok(stage.clockLooks <= 12, `${stage.clockLooks} looks at the clock in 99 ticks`);
  stage.due_ms = Infinity;
  stage.pass(1);
  t.deepEqual(stage.looks, [[1_000, false]], "to the tick");
  t.end();
});

test("tick: ticks that are late by a tenth make it late by no more", (t) => {
  const stage = new Stage();
  stage.tick.until(1_000);
  stage.pass(100, 11);
  t.equal(stage.looks.length, 1, "it has looked");
  t.ok(stage.looks[0]![0] <= 1_022, `at ${stage.looks[0]![0]}`);
  t.end();
});

test("tick: a host that calls when something is due is never left waiting", (t) => {
  const stage = new Stage(0);
  stage.due_ms = 200;
  stage.tick.until(100);
  stage.pass(1, 100);
  stage.pass(1, 100);
  t.deepEqual(
    stage.looks.map(([time]) => time),
    [100, 200],
  );
  t.end();
});

test("tick: looks at the next tick after the doorbell has rung, whatever rang it", (t) => {
  const stage = new Stage();
  const { bench } = stage;
  const server = bench.start(1);
  const { main } = bench;
  const { chid, coid } = connect(server, main);
  const rings: Record<string, () => void> = {
    "a name is registered": () => void as(server, () => name_attach({ chid }, "n", 0)),
    "an order to itself": () => as(main, () => poison(main.me, 0)),
    "a send that is asked for": () => void post(main, coid),
    "a death": () => as(main, () => reportDeath(server.pid)),
  };
  for (const [what, act] of Object.entries(rings)) {
    stage.looks.length = 0;
    stage.tick.until(1e6);
    stage.pass(5);
    t.deepEqual(stage.looks, [], `before: ${what}`);
    act();
    stage.pass(1);
    t.deepEqual(stage.looks, [[stage.time, true]], what);
  }
  as(main, () => ChannelCreate(0));
  t.end();
});

test("tick: news that come during a look are found at the next tick", (t) => {
  const stage = new Stage();
  const { main } = stage.bench;
  const ring = (): void => as(main, () => poison(main.me, 0));
  stage.atLook = ring;
  ring();
  stage.pass(3);
  t.deepEqual(
    stage.looks.map(([time]) => time),
    [10, 20],
    "twice, and then no more",
  );
  t.end();
});

test("tick: a send under way is moved on at every tick, and nothing else is done", (t) => {
  const stage = new Stage();
  const { main } = stage.bench;
  const { coid } = connect(stage.bench.start(1), main);
  post(main, coid);
  stage.pass(1);
  stage.looks.length = 0;
  stage.pass(10);
  t.deepEqual([stage.looks.length, stage.sends], [0, 10]);
  t.end();
});

test("tick: the guardian is fed four times at least in the time that it allows", (t) => {
  const stage = new Stage(TICK_MS, 200);
  stage.tick.until(1e6);
  stage.feeds = 0;
  stage.pass(100);
  t.ok(stage.feeds >= 20, `${stage.feeds} times in a second, of which 200 ms are allowed`);
  t.equal(stage.bench.main.own[L.TASK_SLEEP], 0, "main never sleeps");
  t.end();
});
