/**
 * Interrupts of the simulated board: they come to the event loop of the task that has opened it.
 */
import { once } from "node:events";
import test from "tape";
import { play } from "./play.js";

test("Digital: onReadable for the edges that were asked for", async (t) => {
  const input = { pin: 4, mode: 0, callbacks: ["onReadable"] };
  const { system, lines } = await play(t, {
    falls: [["open", "button", "Digital", { ...input, edge: 2 }]],
  });
  await system.start();
  await lines.line(0);
  const told = { name: "button", call: "onReadable" };
  for (const i of [1, 2, 3]) {
    await system.hardware.drive(4, 0);
    t.deepEqual(await lines.line(i), told, `fall ${i}`);
    await system.hardware.drive(4, 1);
  }
  t.equal(lines.all.length, 4, "none for a rise");
});

test("Digital: of an active low pin the edges are the other ones", async (t) => {
  const options = { pin: 4, mode: 0, activeLow: true, edge: 1, callbacks: ["onReadable"] };
  const { system, lines } = await play(t, { task: [["open", "button", "Digital", options]] });
  await system.start();
  await lines.line(0);
  await system.hardware.drive(4, 0);
  t.deepEqual(await lines.line(1), { name: "button", call: "onReadable" });
});

test("Digital: an interrupt for a task that is gone is nobody's", async (t) => {
  const options = { pin: 4, mode: 0, edge: 3, callbacks: ["onReadable"] };
  const { system, lines } = await play(t, { task: [["open", "button", "Digital", options]] });
  await system.start();
  await lines.line(0);
  const started = once(system, "start");
  await system.kill("task");
  await system.hardware.drive(4, 0);
  await started;
  await lines.line(1);
  await system.hardware.drive(4, 1);
  t.deepEqual(await lines.line(2), { name: "button", call: "onReadable" }, "that of the next life");
  t.equal(lines.all.length, 3);
});

test("a task that has a callback lives on when main() has returned, others end", async (t) => {
  const input = { pin: 4, mode: 0, edge: 3 };
  const { system, lines } = await play(
    t,
    {
      listens: [["open", "button", "Digital", { ...input, callbacks: ["onReadable"] }]],
      ends: [["open", "led", "Digital", { pin: 26, mode: 8 }]],
    },
    { stay_ms: null },
  );
  const ended = once(system, "end");
  await system.start();
  t.equal((await ended)[0], "ends");
  await lines.line(1);
  await system.hardware.drive(4, 0);
  t.deepEqual(await lines.line(2), { name: "button", call: "onReadable" });
});

test("Serial: onReadable with the bytes that wait, onWritable with the room", async (t) => {
  const options = { port: 1, baud: 9_600, transmit: 17, receive: 16 };
  const callbacks = ["onReadable", "onWritable"];
  const { system, lines } = await play(t, {
    task: [["open", "uart", "Serial", { ...options, callbacks }]],
  });
  await system.start();
  await lines.line(0);
  t.deepEqual(await lines.line(1), { name: "uart", call: "onWritable", count: 128 });
  await system.hardware.send(1, [1, 2, 3]);
  t.deepEqual(await lines.line(2), { name: "uart", call: "onReadable", count: 3 });
});
