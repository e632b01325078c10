/**
 * Calls of the main VM, which may not wait: one is under way, the others stand in a queue. The
 * kernel tells the queue when its outbox is empty, whoever has used it.
 */
import { EAGAIN, EOK, sendAsync } from "../index.js";

/** The most calls that wait: a main VM that has more asks faster than it is answered. */
const QUEUE_MAX = 64;

/** A call with the bytes of its request, which are its own. */
export interface QueuedSend {
  readonly coid: number;
  readonly sent: Uint8Array;
  readonly received: Uint8Array;
  readonly done: (status: number) => void;
}

class SendQueue {
  readonly #waiting: QueuedSend[] = [];
  /** Calls that stand at their clients, which are not connected yet. */
  #held = 0;

  /** Sends it, or lets it wait: 0, and then its `done` is called; or an error of sendAsync. */
  add(send: QueuedSend): number {
    if ($vm.outbox.done === null && this.#waiting.length === 0) return transmit(send);
    if (this.#isFull) return -EAGAIN;
    this.#waiting.push(send);
    return EOK;
  }

  /** The question of a client that connects. It is never one too many: its calls are counted. */
  ask(question: QueuedSend): number {
    if ($vm.outbox.done === null && this.#waiting.length === 0) return transmit(question);
    this.#waiting.push(question);
    return EOK;
  }

  /** Keeps a place for a call that stands at its client: 0 or -EAGAIN. */
  hold(): number {
    if (this.#isFull) return -EAGAIN;
    this.#held++;
    return EOK;
  }

  /** Gives places back. */
  release(count: number): void {
    this.#held -= count;
  }

  /** Calls whose client is connected now; their places are given back. */
  admit(sends: readonly QueuedSend[]): void {
    this.#waiting.push(...sends);
    this.next();
  }

  /** The outbox may be empty: the next one is sent. One that cannot be is told, and is over. */
  next(): void {
    while ($vm.outbox.done === null) {
      const send = this.#waiting.shift();
      if (send === undefined) return;
      const error = transmit(send);
      if (error < 0) send.done(error);
    }
  }

  get #isFull(): boolean {
    return this.#waiting.length + this.#held >= QUEUE_MAX;
  }
}

function transmit({ coid, sent, received, done }: QueuedSend): number {
  return sendAsync(coid, sent, sent.length, received, received.length, done);
}

/** That of this main VM, which is made when it is needed. */
export function sendQueue(): SendQueue {
  const { outbox } = $vm;
  if (!(outbox.queue instanceof SendQueue)) outbox.queue = new SendQueue();
  return outbox.queue as SendQueue;
}
