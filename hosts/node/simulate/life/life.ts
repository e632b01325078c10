/**
 * One life: an incarnation of a task, or the one that stands by to be the next. What
 * hosts/node/host/worker.ts does in a thread of its own is done here in a context.
 */
import type { DeathCause } from "../../../../src/manager/status.js";
import { describeRaw } from "../../compile/source-maps.js";
import * as atomics from "../baton/atomics.js";
import * as baton from "../baton/baton.js";
import { IDLE } from "../baton/control.js";
import { createEnvironment, type Environment } from "./environment.js";
import type { LivePart, ThreadHands } from "./hands.js";
import { Interrupts } from "./interrupts.js";
import { runLoop } from "./loop.js";
import type { LifeStart, VirtualSeat } from "./protocol.js";
import { Refusal } from "./refusal.js";
import { Timers } from "./timers.js";

/** What runtime.ts exports. */
type Runtime = typeof import("./runtime.js");

type Main = (args: unknown) => unknown;

/** As Node.js has it for a module that awaits what never comes. */
const EXIT_UNSETTLED = 13;

export class Life implements LivePart {
  readonly #start: LifeStart;
  readonly #hands: ThreadHands;
  readonly #timers = new Timers(baton.now);
  readonly #environment: Environment;
  readonly #runtime: Runtime;
  /** null where no board is described. */
  readonly #interrupts: Interrupts | null;
  #pid: number;
  #isSettled = false;

  constructor(start: LifeStart, hands: ThreadHands) {
    this.#start = start;
    this.#hands = hands;
    this.#pid = start.pid;
    atomics.share(start.arena, atomics.ARENA);
    const { name, seed, dir, allowsIo } = start;
    const refusal = new Refusal(name, allowsIo, (text) => this.#write("warn", text));
    this.#environment = createEnvironment({
      seed,
      now: baton.now,
      timers: this.#timers,
      log: { write: (level, text) => this.#write(level, text) },
      refusal,
      dir,
      exit: (code) => this.#exit(Number(code ?? 0)),
    });
    const { context } = this.#environment;
    context["$baton"] = atomics;
    this.#runtime = hands.runtimeIn(context, "runtime") as Runtime;
    delete context["$baton"];
    this.#environment.furnish(this.#runtime.modules);
    this.#interrupts = start.seat === null ? null : this.#sitDown(start.seat);
  }

  #sitDown({ memory, number, bell, port }: VirtualSeat): Interrupts {
    atomics.share(memory, number);
    atomics.share(bell.buffer as SharedArrayBuffer, atomics.BELL);
    const interrupts = new Interrupts(port);
    this.#runtime.attachHardware({ memory, bell, port: interrupts });
    return interrupts;
  }

  /** Calls main() when its program is loaded; from then on its event loop runs. */
  begin(): void {
    try {
      if (this.#pid !== 0) this.#attach();
      const main = this.#load();
      baton.emit(baton.LOADED);
      if (this.#pid === 0) this.#standBy();
      // In a continuation, as in a thread of its own: what it sees of ticks and promises.
      void Promise.resolve().then(() => this.#run(main));
      this.#loop();
    } catch (error) {
      this.#die(error, isSyntaxError(error) ? "syntax" : "throw");
    }
  }

  fail(error: unknown): void {
    const { listeners } = this.#environment;
    if (listeners.listenerCount("uncaughtException") === 0) this.#die(error, "throw");
    listeners.emit("uncaughtException", error);
  }

  reject(reason: unknown): void {
    const { listeners } = this.#environment;
    if (listeners.listenerCount("unhandledRejection") === 0) this.#die(reason, "throw");
    listeners.emit("unhandledRejection", reason);
  }

  #load(): Main {
    const program = this.#hands.run(this.#start.program, this.#environment.context);
    const { main } = program as { readonly main?: unknown };
    if (typeof main === "function") return main as Main;
    throw new TypeError(`the module exports no main(args), found ${typeof main}`);
  }

  #attach(): void {
    const { createPort, ManagerClient, attachArena, attachPoints, obeyFault } = this.#runtime;
    const { useClock, attachIncarnation } = this.#runtime;
    const port = createPort({
      mayBlock: true,
      now: baton.now,
      point: baton.point,
      log: (text) => this.#write("warn", text),
      obey: obeyFault,
      manager: new ManagerClient(),
    });
    attachArena(this.#start.arena, port, this.#pid);
    const tell = (point: number): void => {
      this.#hands.tell({ type: "point", point });
      baton.emit(baton.TOLD);
    };
    attachPoints(this.#start.points, this.#pid, { tell });
    useClock(microseconds);
    attachIncarnation({ trace: this.#start.trace }, this.#pid);
  }

  /** Sleeps until it is called. */
  #standBy(): void {
    while (this.#pid === 0) {
      baton.sleep(IDLE, Infinity);
      this.#pid = baton.calledPid();
    }
    this.#attach();
  }

  async #run(main: Main): Promise<void> {
    try {
      const result = main(this.#start.args);
      // It has returned, or awaits: from here on it is called from its event loop.
      this.#runtime.enterLoop();
      await result;
      this.#isSettled = true;
    } catch (error) {
      this.#die(error, "throw");
    }
  }

  #loop(): void {
    const { allowsIo } = this.#start;
    runLoop({
      timers: this.#timers,
      soon: this.#hands.soon,
      isBusy: () => allowsIo && this.#hands.isBusy(),
      isHeld: () => this.#interrupts?.isRef === true,
      obey: (orders) => this.#obey(orders),
      idle: () => this.#exit(this.#isSettled ? 0 : EXIT_UNSETTLED),
    });
  }

  #obey(orders: number): void {
    if ((orders & baton.ORDER_STOP) !== 0) this.#die(this.#runtime.STOPPED, "throw");
    if ((orders & baton.ORDER_NUDGE) !== 0) this.#runtime.answerNudge();
    if ((orders & baton.ORDER_LOOK) !== 0) this.#interrupts?.take();
  }

  #write(level: "debug" | "info" | "warn" | "error", text: string): void {
    // A point: who is dead writes nothing.
    const at_ms = baton.now();
    baton.mixText(text);
    this.#hands.tell({ type: "log", level, text, at_ms });
    baton.emit(baton.TOLD);
  }

  #exit(code: number): never {
    this.#finish();
    if (code === 0) return baton.finish(baton.ENDED);
    return this.#end("exit", `exit code ${code}`);
  }

  #die(error: unknown, cause: DeathCause): never {
    this.#finish();
    if (error === this.#runtime.STOPPED) return baton.finish(baton.STOPPED);
    return this.#end(cause, describeRaw(error));
  }

  /** Before its last word: then its ring is its successor's. */
  #finish(): void {
    this.#environment.finish();
    this.#runtime.traceEnd();
  }

  /** The last act: tells the host, then the clients through the arena. */
  #end(cause: DeathCause, text: string): never {
    baton.point();
    baton.mixText(cause);
    this.#hands.tell({ type: "threw", cause, text });
    baton.emit(baton.THREW);
    if (this.#pid !== 0) this.#runtime.reportDeath(this.#pid);
    return baton.finish(baton.THREW);
  }
}

/** The clock of traces: since the simulation began. */
function microseconds(): number {
  return Math.floor((baton.moment() - baton.BEGIN_MS) * 1_000);
}

/** A thrown proxy may throw when it is asked; and a context has errors of its own. */
function isSyntaxError(error: unknown): boolean {
  try {
    return (error as { readonly name?: unknown } | null)?.name === "SyntaxError";
  } catch {
    return false;
  }
}
