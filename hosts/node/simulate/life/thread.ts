/**
 * The first module of a thread of a simulation, which has one life after the other. Each is a
 * context of V8 with the kernel and a program in it.
 *
 * A life is ended by V8's own termination, which the thread asks for through its inspector: no
 * program catches it, no `finally` runs, and the thread goes on with its next macrotask. This takes
 * a tenth of what a new thread takes.
 */
import { readFileSync } from "node:fs";
import { Session } from "node:inspector";
import vm from "node:vm";
import { MessageChannel, parentPort, receiveMessageOnPort, workerData } from "node:worker_threads";
import * as baton from "../baton/baton.js";
import { BoardLife } from "./board-life.js";
import type { LivePart, ThreadHands } from "./hands.js";
import { Life } from "./life.js";
import type { BoardStart, LifeStart, ThreadStart } from "./protocol.js";

const { control, seat, port } = workerData as ThreadStart;

/**
 * A life runs in handlers of messages: where it ran in one of setImmediate(), termination would
 * leave Node.js' stack of async contexts in disorder, and the process aborts.
 */
const { port1, port2 } = new MessageChannel();
const macrotasks: (() => void)[] = [];
port2.on("message", () => macrotasks.shift()!());

function soon(act: () => void): void {
  macrotasks.push(act);
  port1.postMessage(null);
}

const session = new Session();
session.connect();

const scripts = new Map<string, vm.Script>();

/** A script, compiled once in this thread. */
function scriptOf(key: string, text: () => string, filename?: string): vm.Script {
  let script = scripts.get(key);
  if (script === undefined) {
    script = new vm.Script(text(), filename === undefined ? {} : { filename });
    scripts.set(key, script);
  }
  return script;
}

/** A script as rollup.config.mjs builds it; what it exports is the value of a variable. */
function runtimeIn(context: vm.Context, name: string): unknown {
  const file = new URL(`./context/${name}.js`, import.meta.url);
  const text = (): string => `${readFileSync(file, "utf8")}$runtime;`;
  return scriptOf(name, text, file.href).runInContext(context) as unknown;
}

/** Text of a `data:` URL. */
function textOf(program: string): string {
  return Buffer.from(program.slice(program.indexOf(",") + 1), "base64").toString();
}

/** What Node.js does for a life, beside what it does for the thread. */
const OF_THREAD = new Set(["MessagePort", "Immediate", "Timeout"]);

function isBusy(): boolean {
  return process.getActiveResourcesInfo().some((name) => !OF_THREAD.has(name));
}

const hands: ThreadHands = {
  soon,
  isBusy,
  tell: (message) => port.postMessage(message),
  receive: () => receiveMessageOnPort(port)?.message as unknown,
  runtimeIn,
  run: (program, context) =>
    scriptOf(program, () => textOf(program)).runInContext(context) as unknown,
};

/** Of Node.js, and not in its types: runs nothing of what exit() runs. */
interface EndableProcess {
  reallyExit(code: number): void;
}

/** In a loop, as in leave(): V8 ends what runs where it next looks whether it is to. */
function exit(): never {
  for (;;) (process as unknown as EndableProcess).reallyExit(0);
}

let isLeaving = false;

/**
 * Ends this life. What Node.js still does for it would speak to the next: then the thread goes.
 *
 * Optimized code may run on for a while before it sees that it is to end, so it asks in a loop; and
 * the bundler drops a loop that does nothing.
 */
function leave(): never {
  if (!isLeaving) {
    isLeaving = true;
    if (isBusy()) {
      baton.renounce();
      exit();
    }
    soon(next);
  }
  for (;;) session.post("Runtime.terminateExecution");
}

let life: LivePart | null = null;

function next(): void {
  isLeaving = false;
  life = null;
  // What the last life has left of ticks and promises has run by now, and what it was told and has
  // not taken is nothing for the next: its own start, where it died before it had the baton.
  while (receiveMessageOnPort(port) !== undefined);
  baton.acknowledge();
  begin();
}

function begin(): void {
  baton.openSeat(control, seat, { leave, exit });
  const start = receiveMessageOnPort(port)!.message as LifeStart | BoardStart;
  life = start.type === "task" ? new Life(start, hands) : new BoardLife(start, hands);
  life.begin();
}

function fail(error: unknown): void {
  if (life === null) throw error;
  life.fail(error);
}

process.on("uncaughtException", fail);
process.on("unhandledRejection", (reason) => {
  if (life === null) throw reason;
  life.reject(reason);
});
parentPort?.unref();
soon(begin);
