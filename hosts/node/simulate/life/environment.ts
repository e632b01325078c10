/**
 * What a program of a simulation finds around it: the globals of its context. Time and chance are
 * virtual, what it writes goes to its log, and what is real is refused.
 */
import { EventEmitter } from "node:events";
import vm from "node:vm";
import { createConsole, type LineWriter } from "../../log/task-console.js";
import * as atomics from "../baton/atomics.js";
import { Chance } from "./chance.js";
import { virtualDate, virtualPerformance, virtualUptime } from "./clock.js";
import { createFiles } from "./files.js";
import { createRequireOf } from "./modules.js";
import type { Refusal } from "./refusal.js";
import type { Timers } from "./timers.js";

/**
 * Of the thread's own realm, so that what Node.js hands out is what the program and the kernel
 * know.
 */
const SHARED = [
  "Uint8Array",
  "Int8Array",
  "Uint16Array",
  "Int16Array",
  "Uint32Array",
  "Int32Array",
  "Uint8ClampedArray",
  "Float32Array",
  "Float64Array",
  "BigInt64Array",
  "BigUint64Array",
  "ArrayBuffer",
  "SharedArrayBuffer",
  "DataView",
  "Promise",
  "Error",
  "TypeError",
  "RangeError",
];

/** What Node.js adds to the globals of the language, as far as it only computes. */
const OF_NODE = [
  "AbortController",
  "Blob",
  "Buffer",
  "Event",
  "EventTarget",
  "TextDecoder",
  "TextEncoder",
  "URL",
  "URLSearchParams",
  "atob",
  "btoa",
  "queueMicrotask",
  "structuredClone",
];

/** What reaches the world outside. */
const REAL = ["fetch", "WebSocket", "EventSource", "BroadcastChannel", "MessageChannel", "Worker"];

/** What an environment is made of. */
export interface EnvironmentOptions {
  readonly seed: number;
  /** Virtual milliseconds; a scheduling point. */
  readonly now: () => number;
  readonly timers: Timers;
  readonly log: LineWriter;
  readonly refusal: Refusal;
  /** Folder of the application. */
  readonly dir: string;
  /** process.exit(). */
  readonly exit: (code: unknown) => never;
}

/** A context, and what belongs to its life. */
export interface Environment {
  readonly context: vm.Context;
  /** Listeners of its `process`. */
  readonly listeners: EventEmitter;
  /** Gives the program its modules of this package; before it is run. */
  furnish(own: Readonly<Record<string, unknown>>): void;
  /** Writes down a line that has been begun. */
  finish(): void;
}

/** Nothing is collected, as far as a program can tell: when V8 does it differs from run to run. */
class NoRegistry {
  register(): void {}
  unregister(): boolean {
    return false;
  }
}

/** As long as there is a reference, what it refers to is there. */
class StrongRef<Target> {
  readonly #target: Target;

  constructor(target: Target) {
    this.#target = target;
  }

  deref(): Target {
    return this.#target;
  }
}

type Realm = Pick<typeof globalThis, "Date" | "Math" | "Atomics"> & { globalThis: object };

/** AbortSignal.timeout() in virtual time. */
function virtualSignal({ setTimeout }: ReturnType<Timers["functions"]>): typeof AbortSignal {
  const timeout = (ms: number): AbortSignal => {
    const controller = new AbortController();
    const abort = (): void =>
      controller.abort(
        new DOMException("The operation was aborted due to timeout", "TimeoutError"),
      );
    setTimeout(abort, ms).unref();
    return controller.signal;
  };
  return new Proxy(AbortSignal, {
    get: (target, key) => (key === "timeout" ? timeout : (Reflect.get(target, key) as unknown)),
  });
}

export function createEnvironment(options: EnvironmentOptions): Environment {
  const { seed, now, timers, log, refusal, dir, exit } = options;
  const chance = new Chance(seed);
  const functions = timers.functions();
  const performance = virtualPerformance(now);
  const listeners = new EventEmitter();
  const { console, stdout, stderr, trace, finish } = createConsole(log);
  const bound = (name: "on" | "once" | "off" | "emit" | "addListener" | "removeListener") => ({
    [name]: (listeners[name] as (...args: unknown[]) => unknown).bind(listeners),
  });
  const own: PropertyDescriptorMap = {};
  const ownProcess = {
    ...virtualUptime(now),
    ...bound("on"),
    ...bound("once"),
    ...bound("off"),
    ...bound("emit"),
    ...bound("addListener"),
    ...bound("removeListener"),
    exit,
    stdout,
    stderr,
    memoryUsage: () => ({ rss: 0, heapTotal: 0, heapUsed: 0, external: 0, arrayBuffers: 0 }),
  };
  for (const [name, value] of Object.entries(ownProcess)) {
    own[name] = { value, enumerable: true, writable: true, configurable: true };
  }
  const process = Object.create(globalThis.process, own) as NodeJS.Process;

  const globals: Record<string, unknown> = {};
  const outer = globalThis as unknown as Record<string, unknown>;
  for (const name of [...SHARED, ...OF_NODE]) globals[name] = outer[name];
  for (const name of REAL) {
    const value = outer[name];
    if (typeof value === "function") globals[name] = refusal.guard(name, value);
  }
  Object.assign(globals, functions, {
    AbortSignal: virtualSignal(functions),
    FinalizationRegistry: NoRegistry,
    WeakRef: StrongRef,
    console,
    crypto: chance.web(refusal),
    performance,
    process,
    trace,
  });
  const context = vm.createContext(globals);
  adopt(context, chance, now);
  const overrides = new Map<string, object>([
    ["crypto", chance.node(refusal)],
    ["fs", createFiles(dir, refusal)],
    ["perf_hooks", { performance }],
    ["process", process],
    ["timers", functions],
    ["timers/promises", timers.promises()],
  ]);
  return {
    context,
    listeners,
    furnish: (modules) => {
      context["require"] = createRequireOf(modules, overrides, refusal);
    },
    finish,
  };
}

/** What the language itself has of time, chance and waiting. */
function adopt(context: vm.Context, chance: Chance, now: () => number): void {
  const realm = vm.runInContext("({ Date, Math, Atomics, globalThis })", context) as Realm;
  Object.assign(realm.Math, { random: chance.random });
  Object.assign(realm.Atomics, { wait: atomics.wait, notify: atomics.notify });
  context["Date"] = virtualDate(realm.Date, now);
  context["global"] = realm.globalThis;
}
