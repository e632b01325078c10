/**
 * Interrupts of the simulated board on their way into the event loop of a task: taken when the task
 * is told to look.
 */
import { type MessagePort, receiveMessageOnPort } from "node:worker_threads";
import type { HeardPort, Interrupt } from "../../hardware/wire/protocol.js";

type Listener = (interrupt: Interrupt) => void;

export class Interrupts implements HeardPort {
  readonly #port: MessagePort;
  readonly #listeners: Listener[] = [];
  /** Does the task wait for more? */
  isRef = false;

  constructor(port: MessagePort) {
    this.#port = port;
  }

  on(_event: "message", listener: Listener): void {
    this.#listeners.push(listener);
    this.ref();
  }

  ref(): void {
    this.isRef = true;
  }

  unref(): void {
    this.isRef = false;
  }

  /** Calls back for all that have come. */
  take(): void {
    for (;;) {
      const received = receiveMessageOnPort(this.#port);
      if (received === undefined) return;
      for (const listener of this.#listeners) listener(received.message as Interrupt);
    }
  }
}
