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

  /** Sends it, or lets it wait: 0, and then its `done` is called; or an error of sendAsync. */
  add(send: QueuedSend): number {
    if ($vm.outbox.done === null && this.#waiting.length === 0) return transmit(send);
    if (this.#waiting.length === QUEUE_MAX) return -EAGAIN;
    this.#waiting.push(send);
    return EOK;
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
}

function transmit({ coid, sent, received, done }: QueuedSend): number {
  return sendAsync(coid, sent, sent.length, received, received.length, done);
}

/** Sends it when those before it have ended. Returns as sendAsync, or -EAGAIN (64 wait). */
export function enqueue(send: QueuedSend): number {
  const { outbox } = $vm;
  // A task has no outbox of its own, and sendAsync says so.
  if ($vm.port.mayBlock) return transmit(send);
  if (!(outbox.queue instanceof SendQueue)) outbox.queue = new SendQueue();
  return (outbox.queue as SendQueue).add(send);
}
