/**
 * One who watches and does not read: what waits for it is bounded, and it is told what it missed.
 */
import { Writable } from "node:stream";
import test from "tape";
import {
  EVENTS_WAITING_MAX,
  type Frame,
  type WatchMessage,
} from "../../../../hosts/node/watch/protocol.js";
import { Watcher } from "../../../../hosts/node/watch/watcher.js";

/** A reader that takes nothing until it is told to, and then all. */
class Reader extends Writable {
  readonly lines: string[] = [];
  #go: (() => void) | null = null;
  #isReading = false;

  constructor() {
    super({ highWaterMark: 64 });
  }

  read(): void {
    this.#isReading = true;
    this.#go?.();
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.#go = () => {
      this.#go = null;
      this.lines.push(chunk.toString().trimEnd());
      done();
    };
    if (this.#isReading) this.#go();
  }
}

function watch(every = 1): { reader: Reader; watcher: Watcher; isGone: () => boolean } {
  const reader = new Reader();
  let isGone = false;
  const gone = (): void => void (isGone = true);
  const watcher = new Watcher({ stream: reader, wrap: (json) => `${json}\n`, every, gone });
  return { reader, watcher, isGone: () => isGone };
}

const tick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const FRAME = JSON.stringify({ type: "frame", ms: 1 } satisfies Partial<Frame>);

function eventOf(number: number, text = ""): string {
  return JSON.stringify({ type: "event", event: { number, what: "log", text } });
}

function numbersOf(lines: readonly string[]): (number | string)[] {
  return lines.map((line) => {
    const message = JSON.parse(line) as WatchMessage;
    if (message.type === "event") return message.event.number;
    return message.type === "gap" ? `gap ${message.events}` : message.type;
  });
}

test("Watcher: a reader that keeps up gets all, in order", async (t) => {
  const { reader, watcher } = watch();
  reader.read();
  for (let i = 1; i <= 2_000; i++) watcher.event(eventOf(i));
  watcher.frame(FRAME);
  await tick();
  t.deepEqual(numbersOf(reader.lines), [
    ...Array.from({ length: 2_000 }, (_, i) => i + 1),
    "frame",
  ]);
});

test("Watcher: one that reads late gets every event, and few frames", async (t) => {
  const { reader, watcher } = watch();
  watcher.frame(FRAME);
  for (let i = 1; i <= 500; i++) {
    watcher.event(eventOf(i));
    watcher.frame(FRAME);
  }
  t.ok(reader.writableLength < 1_000, `${reader.writableLength} bytes are in the stream`);
  reader.read();
  await tick();
  const seen = numbersOf(reader.lines);
  t.deepEqual(
    seen.filter((what) => typeof what === "number"),
    Array.from({ length: 500 }, (_, i) => i + 1),
  );
  t.ok(seen.filter((what) => what === "frame").length < 5);
});

test("Watcher: beyond a thousand events they are dropped and counted", async (t) => {
  const { reader, watcher } = watch();
  watcher.welcome(FRAME.padEnd(200));
  const all = 100_000;
  let most = 0;
  for (let i = 1; i <= all; i++) {
    watcher.event(eventOf(i));
    most = Math.max(most, watcher.waiting);
  }
  t.ok(most <= EVENTS_WAITING_MAX, `${most} waited at the most`);
  reader.read();
  await tick();
  watcher.event(eventOf(all + 1));
  await tick();
  const seen = numbersOf(reader.lines);
  const gaps = seen.filter((what) => String(what).startsWith("gap"));
  t.equal(gaps.length, 1, "one gap");
  const lost = Number(String(gaps[0]).slice("gap ".length));
  const events = seen.filter((what) => typeof what === "number");
  t.equal(events.length + lost, all + 1, `${lost} are counted as lost, the others came`);
  t.equal(events.at(-1), all + 1);
});

test("Watcher: long lines are bounded by their bytes", (t) => {
  const { watcher } = watch();
  watcher.welcome(FRAME.padEnd(200));
  const text = "x".repeat(8_000);
  let most = 0;
  for (let i = 1; i <= 2_000; i++) {
    watcher.event(eventOf(i, text));
    most = Math.max(most, watcher.waiting);
  }
  t.ok(most * text.length < 2 ** 21, `${most} of 8,000 bytes waited at the most`);
  t.end();
});

test("Watcher: it may take every n-th frame, and is gone when its stream is", async (t) => {
  const { reader, watcher, isGone } = watch(3);
  reader.read();
  for (let i = 0; i < 9; i++) watcher.frame(FRAME);
  t.equal(reader.lines.length, 3);
  t.notOk(isGone());
  reader.destroy();
  await tick();
  t.ok(isGone());
});
