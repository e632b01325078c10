/**
 * The simulated board of a simulation, as its main VM has it: a life like others, that is told by
 * messages and woken by its bell. It lives as long as the simulation: what is around a chip keeps
 * its supply when the chip restarts.
 */
import { MessageChannel } from "node:worker_threads";
import { BoardCalls } from "../../hardware/calls.js";
import { createSeat, Seat } from "../../hardware/wire/seat.js";
import { InputError, UsageError } from "../../input-error.js";
import * as atomics from "../baton/atomics.js";
import * as baton from "../baton/baton.js";
import type { BoardMessage, VirtualSeat } from "../life/protocol.js";
import type { LastWord, LifeListener, World } from "./world.js";

/** What a board is made of. */
export interface VirtualHardwareOptions {
  readonly world: World;
  /** `data:` URL of the module that describes it, a script. */
  readonly program: string;
  /** Path of that module, for problems. */
  readonly file: string;
  readonly dir: string;
  readonly allowsIo: boolean;
  /** Code of the board threw outside of any call. */
  readonly report: (error: unknown) => void;
}

/** A seat that was given to a life. */
export interface VirtualGrant {
  readonly seat: VirtualSeat;
  /** The life is over: what it has open is closed before anybody else's next request. */
  leave(): void;
}

interface Pending {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

export class VirtualHardware extends BoardCalls implements LifeListener {
  readonly name = "hardware";
  /** Resolves when it is described; rejects with an InputError when that is wrong. */
  readonly ready: Promise<void>;
  readonly #options: VirtualHardwareOptions;
  readonly #bell = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  readonly #participant: number;
  readonly #pending = new Map<number, Pending>();
  #settle!: { resolve: () => void; reject: (error: Error) => void };
  #parts: readonly string[] = [];
  #calls = 0;
  #seats = 0;

  constructor(options: VirtualHardwareOptions) {
    super();
    this.#options = options;
    const { world, program, dir, allowsIo } = options;
    this.ready = new Promise((resolve, reject) => (this.#settle = { resolve, reject }));
    // Whoever starts the simulation waits for it.
    this.ready.catch(() => undefined);
    atomics.share(this.#bell.buffer, atomics.BELL);
    this.#participant = world.nextParticipant();
    const seed = Math.floor(baton.random() * 0x1_0000_0000);
    const bell = this.#bell;
    const start = { type: "board", program, dir, seed, allowsIo, bell } as const;
    world.admit(this.#participant, start, [], this);
  }

  override get parts(): readonly string[] {
    return this.#parts;
  }

  override ask(name: string, ...args: readonly unknown[]): Promise<unknown> {
    const id = ++this.#calls;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      this.#options.world.tell(this.#participant, { type: "call", id, call: { name, args } }, []);
      this.#ring();
    });
  }

  /** A seat for the life that this participant will be. */
  seat(name: string, participant: number): VirtualGrant {
    const memory = createSeat();
    const number = atomics.FIRST_SEAT + this.#seats++;
    atomics.share(memory, number);
    const { port1, port2 } = new MessageChannel();
    const message = { type: "seat", name, participant, memory, number, port: port1 } as const;
    this.#options.world.tell(this.#participant, message, [port1]);
    this.#ring();
    const seat = new Seat(memory, this.#bell);
    return {
      seat: { memory, number, bell: this.#bell, port: port2 },
      leave: () => seat.leave(),
    };
  }

  hear(_events: number, lastWord: LastWord | null): void {
    if (lastWord !== null) this.#options.report(new Error(`the board threw: ${lastWord.text}`));
  }

  hearBoard(message: BoardMessage): void {
    switch (message.type) {
      case "ready":
        this.#parts = message.parts;
        return this.#settle.resolve();
      case "wrong": {
        const sentences = message.problems.map((problem) => `${this.#options.file}: ${problem}`);
        return this.#settle.reject(new InputError(sentences.join("\n"), sentences));
      }
      case "done":
        return this.#take(message.id)?.resolve(message.value);
      case "failed":
        return this.#take(message.id)?.reject(new UsageError(`hardware: ${message.text}`));
    }
  }

  #take(id: number): Pending | undefined {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    return pending;
  }

  #ring(): void {
    atomics.add(this.#bell, 0, 1);
    atomics.notify(this.#bell, 0);
  }
}
