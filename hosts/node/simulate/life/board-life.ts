/**
 * The life that plays the simulated board: what hardware/thread.ts does in a thread of its own, in
 * virtual time. It sleeps on the board's bell, which tasks ring, and the main VM.
 */
import type { MessagePort } from "node:worker_threads";
import { describeRaw } from "../../compile/source-maps.js";
import type { Board, BoardProgram } from "../../hardware/board/board.js";
import type { HardwareCall, InterruptPort } from "../../hardware/wire/protocol.js";
import * as atomics from "../baton/atomics.js";
import * as baton from "../baton/baton.js";
import { createEnvironment, type Environment } from "./environment.js";
import type { LivePart, ThreadHands } from "./hands.js";
import type { BoardStart, ToBoard } from "./protocol.js";
import { Refusal } from "./refusal.js";
import { Timers } from "./timers.js";

/** What board-runtime.ts exports. */
type BoardRuntime = typeof import("./board-runtime.js");

export class BoardLife implements LivePart {
  readonly #start: BoardStart;
  readonly #hands: ThreadHands;
  readonly #timers = new Timers(baton.now);
  readonly #environment: Environment;
  readonly #runtime: BoardRuntime;

  constructor(start: BoardStart, hands: ThreadHands) {
    this.#start = start;
    this.#hands = hands;
    atomics.share(start.bell.buffer as SharedArrayBuffer, atomics.BELL);
    const write = (level: "warn", text: string): void => this.#write(level, text);
    this.#environment = createEnvironment({
      seed: start.seed,
      now: baton.now,
      timers: this.#timers,
      log: { write: (level, text) => this.#write(level, text) },
      refusal: new Refusal("hardware", start.allowsIo, (text) => write("warn", text)),
      dir: start.dir,
      exit: (code) => this.fail(new Error(`the module of the board calls exit(${String(code)})`)),
    });
    const { context } = this.#environment;
    context["$baton"] = atomics;
    this.#runtime = hands.runtimeIn(context, "board-runtime") as BoardRuntime;
    delete context["$baton"];
    this.#environment.furnish({});
  }

  begin(): void {
    const problems: string[] = [];
    const board = this.#describe(problems);
    if (board === null) {
      this.#hands.tell({ type: "wrong", problems });
      return baton.finish(baton.TOLD | baton.ENDED);
    }
    this.#hands.tell({ type: "ready", parts: board.parts.names });
    baton.emit(baton.TOLD);
    this.#loop(board);
  }

  /** Code of the board has thrown outside of any call: nothing of it can be relied upon. */
  fail(error: unknown): never {
    this.#hands.tell({ type: "threw", cause: "throw", text: describeRaw(error) });
    return baton.finish(baton.THREW);
  }

  reject(reason: unknown): void {
    this.fail(reason);
  }

  #describe(problems: string[]): Board | null {
    try {
      const { program, seed, bell } = this.#start;
      const module = this.#hands.run(program, this.#environment.context) as BoardProgram;
      const report = (text: string): void => this.#write("error", text);
      return this.#runtime.Board.describedBy(module, { seed, bell, report }, problems);
    } catch (error) {
      problems.push(this.#runtime.textOf(error));
      return null;
    }
  }

  #loop(board: Board): void {
    const { bell } = this.#start;
    const turn = (): void => {
      this.#hands.soon(turn);
      const seen = atomics.load(bell, 0);
      const message = this.#hands.receive() as ToBoard | undefined;
      if (message !== undefined) return this.#hear(board, message);
      board.seats.look();
      const next = this.#timers.first();
      if (next !== null && next.due_ms <= baton.now()) return this.#timers.fire(next);
      if (bell[0] !== seen) return;
      baton.sleep(atomics.addressOf(bell, 0), next?.due_ms ?? Infinity);
    };
    this.#hands.soon(turn);
  }

  #hear(board: Board, message: ToBoard): void {
    if (message.type === "call") return void this.#answer(board, message.id, message.call);
    const { name, memory, number, participant, port } = message;
    atomics.share(memory, number);
    board.seats.add(name, memory, interruptPort(port, participant));
  }

  async #answer(board: Board, id: number, call: HardwareCall): Promise<void> {
    try {
      this.#hands.tell({ type: "done", id, value: await board.call(call) });
    } catch (error) {
      this.#hands.tell({ type: "failed", id, text: this.#runtime.textOf(error) });
    }
    baton.emit(baton.TOLD);
  }

  #write(level: "debug" | "info" | "warn" | "error", text: string): void {
    const at_ms = baton.now();
    baton.mixText(text);
    this.#hands.tell({ type: "log", level, text, at_ms });
    baton.emit(baton.TOLD);
  }
}

/** What goes through it is taken when the task is told to look. */
function interruptPort(port: MessagePort, participant: number): InterruptPort {
  return {
    postMessage: (interrupt: unknown) => {
      baton.point();
      port.postMessage(interrupt);
      baton.order(participant, baton.ORDER_LOOK);
    },
    close: () => port.close(),
  };
}
