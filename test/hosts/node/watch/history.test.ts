/**
 * What is kept for those who come later is bounded, and lines push out no events.
 */
import { EventEmitter } from "node:events";
import test from "tape";
import type { FaultInjection } from "../../../../hosts/node/faults/injector.js";
import type { System } from "../../../../hosts/node/system/system.js";
import { History } from "../../../../hosts/node/watch/history.js";
import type { WatchEvent } from "../../../../hosts/node/watch/protocol.js";

const FAULTS = { hasStruck: () => false } as unknown as FaultInjection;

function historyOf(): { system: EventEmitter; history: History; heard: WatchEvent[] } {
  const system = new EventEmitter();
  const heard: WatchEvent[] = [];
  const history = new History(system as unknown as System, FAULTS, (event) => heard.push(event));
  return { system, history, heard };
}

test("History: events are numbered, timed, told, and kept in their order", (t) => {
  const { system, history, heard } = historyOf();
  system.emit("start", "a", 33);
  system.emit("line", "a", "info", "hello", 1);
  system.emit("death", { name: "a", pid: 33, cause: "throw", text: "x", lifetime_ms: 5 });
  t.deepEqual(
    heard.map(({ number, what }) => [number, what]),
    [
      [1, "start"],
      [2, "log"],
      [3, "death"],
    ],
  );
  t.deepEqual(history.last, heard);
  t.ok(heard.every(({ ms }) => ms > 0 && ms <= performance.now()));
  history.stop();
  system.emit("start", "a", 34);
  t.equal(heard.length, 3, "stopped: it hears no more");
  t.end();
});

test("History: many lines push out no events, and long ones take no more room", (t) => {
  const { system, history } = historyOf();
  system.emit("start", "a", 33);
  for (let i = 0; i < 20_000; i++) system.emit("line", "a", "info", `${i}`, 1);
  const short = history.last;
  t.equal(short[0]?.what, "start");
  t.ok(short.length >= 2_000 && short.length < 4_002, `${short.length} are kept`);
  t.equal(short.at(-1)?.number, 20_001, "the last is there");
  for (let i = 0; i < 2_000; i++) system.emit("line", "a", "info", "x".repeat(8_000), 1);
  const text = JSON.stringify(history.last).length;
  t.ok(text < 2_000_000, `${text} units`);
  t.equal(history.last.at(-1)?.number, 22_001, "the last is there");
  t.end();
});
