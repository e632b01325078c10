/**
 * Ten who watch at once: what is looked at, made and kept is for all of them together.
 */
import { Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import test, { type Test } from "tape";
import { boot, injectFaults, type System } from "reattach/node";
import { FRAME_MS, SAMPLE_MS } from "../../../../hosts/node/watch/protocol.js";
import { Watch } from "../../../../hosts/node/watch/watch.js";
import { Patience } from "../../../patience.js";

const TASKS = fileURLToPath(new URL("../tasks", import.meta.url));
const PAGES = 10;

/** Keeps what it is told; one that is deaf takes nothing of it. */
class Page extends Writable {
  readonly frames: string[] = [];
  readonly #isDeaf: boolean;

  constructor(isDeaf = false) {
    super({ decodeStrings: false });
    this.#isDeaf = isDeaf;
  }

  override _write(piece: string, _encoding: string, done: () => void): void {
    if (piece.startsWith('{"type":"frame"')) this.frames.push(piece);
    if (!this.#isDeaf) done();
  }
}

interface Stage {
  readonly system: System;
  readonly watch: Watch;
  /** How often the system has been asked. */
  readonly asked: { view: number; connections: number; usage: number };
}

async function stageOf(t: Test): Promise<Stage> {
  const tasks = {
    server: { module: "tasks", args: { act: "receiveOnly", name: "s" } },
    client: { module: "tasks", args: { act: "ask", name: "s" } },
  };
  const manifest = { modules: { tasks: TASKS }, config: { reattach: { tasks } } };
  const system = await boot(manifest);
  system.on("log", () => undefined);
  t.teardown(() => system.stop());
  const watch = new Watch(system, injectFaults(system, [], 1));
  t.teardown(() => watch.stop());
  await system.start();
  const asked = { view: 0, connections: 0, usage: 0 };
  for (const what of ["view", "connections", "usage"] as const) {
    const ask = system[what].bind(system) as () => never;
    system[what] = () => {
      asked[what]++;
      return ask();
    };
  }
  return { system, watch, asked };
}

async function until(isSo: () => boolean): Promise<void> {
  const patience = new Patience(60_000);
  while (!isSo()) {
    if (patience.isOver) throw new Error(`never: ${String(isSo)}`);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

function listenersOf(system: System): number {
  const emitter = system as unknown as NodeJS.EventEmitter;
  return emitter.eventNames().reduce((sum, name) => sum + emitter.listenerCount(name), 0);
}

function joined(watch: Watch, page: Page): Page {
  watch.join(page, (json) => json);
  return page;
}

test("watch: ten pages are one look, one frame and one text", async (t) => {
  const { system, watch, asked } = await stageOf(t);
  const listeners = listenersOf(system);
  const start_ms = performance.now();
  const pages = Array.from({ length: PAGES }, () => joined(watch, new Page()));
  const [first] = pages;
  await until(() => first!.frames.length >= 5);
  const frames = first!.frames.length;
  for (const page of pages) t.deepEqual(page.frames, first!.frames, "each has every frame");
  t.equal(asked.usage, frames, "tables are read once a frame");
  t.equal(asked.connections, frames + 1, "connections too, and when the first page came");
  const looks = (performance.now() - start_ms) / SAMPLE_MS;
  t.ok(asked.view <= looks + 1, `tasks: ${asked.view} times in ${looks.toFixed(0)} samples' time`);
  t.equal(listenersOf(system), listeners, "and nobody listens to the system for a page");

  for (const page of pages) page.destroy();
  await until(() => watch.watchers === 0);
  const before = { ...asked };
  await new Promise((resolve) => setTimeout(resolve, 2 * FRAME_MS));
  t.deepEqual(asked, before, "all are gone: nobody looks");
  t.equal(listenersOf(system), listeners);
});

test("watch: for ten that read nothing, no more is kept from frame to frame", async (t) => {
  const { watch } = await stageOf(t);
  const reader = joined(watch, new Page());
  const deaf = Array.from({ length: PAGES }, () => joined(watch, new Page(true)));
  const kept = (): number[] => deaf.map(({ writableLength }) => writableLength);
  // A stream is full from 16 KB on.
  await until(() => deaf.every(({ writableNeedDrain }) => writableNeedDrain));
  const full = kept();
  const frames = reader.frames.length;
  await until(() => reader.frames.length >= frames + 4);
  t.deepEqual(kept(), full, "frames that find it full are dropped");
  t.ok(Math.max(...full) < 100_000, `${Math.max(...full)} units for each`);
});
