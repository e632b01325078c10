/**
 * The calls and pulses of a client. What they need is made when the client is opened: a call
 * allocates nothing.
 */
import { MsgSend, MsgSendPulse, TimerTimeout } from "../index.js";
import type { CallDefinition } from "./define.js";
import { createRecord, RECORD_ALIGN } from "./layout.js";
import type { QueuedSend } from "./queue.js";

/** What a call knows of the client that it belongs to. */
export interface Connector {
  /** Sends from the main VM, when it is connected and those before it have ended. */
  sendAsync(send: Omit<QueuedSend, "coid">): number;
  /** Waits until the service is there, as open() does. Returns 0 or a negative errno. */
  connect(): number;
}

/** A call of a client: both its records, over one buffer, which it keeps. */
export class RemoteCall {
  readonly request: object;
  readonly reply: object;
  /** Of the connection; -1 while there is none. */
  coid = -1;
  readonly #sent: Uint8Array;
  readonly #sentBytes: number;
  readonly #received: Uint8Array;
  readonly #receivedBytes: number;
  readonly #client: Connector;

  constructor(client: Connector, { tag, request, reply }: CallDefinition) {
    const replyAt = Math.ceil(request.bytes / RECORD_ALIGN) * RECORD_ALIGN;
    const buffer = new ArrayBuffer(replyAt + reply.bytes);
    this.request = createRecord(request, buffer, 0);
    this.reply = createRecord(reply, buffer, replyAt);
    this.#sent = new Uint8Array(buffer, 0, request.bytes);
    this.#sentBytes = request.bytes;
    // Never null, not even for an empty reply: a buffer is the common case of MsgSend.
    this.#received = new Uint8Array(buffer, replyAt, reply.bytes);
    this.#receivedBytes = reply.bytes;
    this.#client = client;
    new DataView(buffer).setInt32(0, tag, true);
  }

  send(): number {
    return this.coid < 0
      ? this.#sendFirst()
      : MsgSend(this.coid, this.#sent, this.#sentBytes, this.#received, this.#receivedBytes);
  }

  sendAsync(done: (status: number) => void): number;
  sendAsync(): Promise<number>;
  sendAsync(done?: (status: number) => void): number | Promise<number> {
    if (done !== undefined) {
      // The request may change before its turn comes.
      const sent = this.#sent.slice();
      return this.#client.sendAsync({ sent, received: this.#received, done });
    }
    return new Promise((resolve) => {
      const error = this.sendAsync(resolve);
      if (error < 0) resolve(error);
    });
  }

  /**
   * Connects in front of the call, where open() has given up. The call's time limit (TimerTimeout)
   * holds for both.
   */
  #sendFirst(): number {
    const states = $vm.armedStates;
    const until = $vm.armedUntil;
    const error = this.#client.connect();
    if (error < 0) return error;
    if (states !== 0) TimerTimeout(states, Math.max(0, until - $vm.port.now()));
    return this.send();
  }
}

/** A pulse of a client. */
export class RemotePulse {
  coid = -1;
  readonly #code: number;

  constructor(code: number) {
    this.#code = code;
  }

  send(value: number): number {
    return MsgSendPulse(this.coid, -1, this.#code, value);
  }
}
