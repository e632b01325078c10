/**
 * A visitor: a client of another board, as its server's board sees it. An agent stands for it, and
 * keeps what is needed to take a repeat for a repeat: the number of its last call, and the answer.
 *
 * States of its last call, and what a frame with the same number does in each:
 * - running: nothing, the answer is still to come;
 * - answered: the answer is sent again. So nothing is done twice, also when the answer was lost on
 *   its way and the client's board took the server for dead meanwhile;
 * - lost (the server has died with it, or before it): the news is sent again. But a later attempt
 *   of the client, who has recovered, is transmitted, as a repeat that a Ledger knows. So is one to
 *   another life of the service.
 */
import type { Vm } from "../arena/vm.js";
import { load } from "../arena/atomic.js";
import * as L from "../arena/layout.js";
import { LOST as LOST_OFFSET, ESRCH } from "../kernel/errno.js";
import { ConnectDetach } from "../kernel/connection/connect-attach.js";
import { emptyOutbox, fillOutbox, pollTransfer, startTransfer } from "../kernel/message/outbox.js";
import { nextFirst, takeBack } from "../kernel/message/transfer.js";
import type { Agent } from "./agent.js";
import { SEEN, UNSEEN } from "./frame.js";

const LOST_ESRCH = -(LOST_OFFSET + ESRCH);

/** A client that has not been heard of for so long may be gone, and its BYE lost. */
const QUIET_MS = 60_000;
/** One that may repeat a message that a server has seen is waited for longer: 1 hour. */
const QUIET_SEEN_MS = 3_600_000;

/** No call yet: no number of a call. */
const NONE = -1;

export type VisitorState = "idle" | "running" | "answered" | "lost";

/** Its connection to one service of this board. */
interface VisitorConnection {
  readonly coid: number;
  readonly life: number;
}

export class Visitor {
  readonly board: string;
  readonly client: number;
  readonly agent: Agent;
  state: VisitorState = "idle";
  number = NONE;
  attempt = 0;
  /** Of the last call. */
  session = 0;
  service = 0;
  life = 0;
  /** What its call has returned, and how many bytes of `reply`; of an answered one. */
  status = 0;
  replyBytes = 0;
  readonly reply: Uint8Array;
  /** SEEN or UNSEEN; of a lost one. */
  seen = UNSEEN;
  /** When it was last heard of. */
  heard_ms = 0;
  readonly #message: Uint8Array;
  readonly #connections = new Map<number, VisitorConnection>();
  /** SLOT_FIRST of the next transmission: the number of the first that a server may know. */
  #first = 0;

  constructor(board: string, client: number, agent: Agent, messageBytes: number) {
    this.board = board;
    this.client = client;
    this.agent = agent;
    this.reply = new Uint8Array(messageBytes);
    this.#message = new Uint8Array(messageBytes);
  }

  get vm(): Vm {
    return this.agent.vm;
  }

  /** Its connection to this life of a service; -1 when there is none. */
  coidFor(service: number, life: number): number {
    const connection = this.#connections.get(service);
    return connection?.life === life ? connection.coid : -1;
  }

  /** Keeps a connection that it has made, in the place of an older one. */
  keep(service: number, life: number, coid: number): void {
    this.drop(service);
    this.#connections.set(service, { coid, life });
  }

  /** Closes its connection to a service. True when it was its last one. */
  drop(service: number): boolean {
    const connection = this.#connections.get(service);
    if (connection !== undefined) {
      this.agent.act(() => ConnectDetach(connection.coid));
      this.#connections.delete(service);
    }
    return this.#connections.size === 0;
  }

  /**
   * Another call: what the one before has come to does not matter any more. False while a server is
   * just writing its answer to that: later.
   */
  begin(number: number): boolean {
    if (this.state === "running" && !this.#takeBack()) return false;
    this.number = number;
    this.#first = 0;
    this.state = "idle";
    return true;
  }

  /**
   * Transmits its call. The end of it is told by look(). `room` is what its client has for the
   * reply, as the server is told; a reply that is longer than a message may be is none.
   */
  transmit(coid: number, message: Uint8Array, room: number): void {
    const { reply } = this;
    const done = (): void => undefined;
    this.#message.set(message);
    this.state = "running";
    const status = this.agent.act(() => {
      const bytes = message.length;
      const error = fillOutbox(coid, this.#message, bytes, reply, reply.length, done);
      if (error !== 0) return error;
      $vm.outbox.room = room;
      $own[L.SLOT_FIRST] = this.#first;
      return startTransfer();
    });
    if (status !== 0) this.#end(status);
  }

  /** Looks whether its call has come to an end. */
  look(): boolean {
    if (this.state !== "running") return false;
    const status = this.agent.act(pollTransfer);
    if (status === null) return false;
    this.#end(status);
    return true;
  }

  #end(status: number): void {
    this.agent.act(() => emptyOutbox(status));
    if (status <= -LOST_OFFSET) return this.lose(status === LOST_ESRCH ? SEEN : UNSEEN);
    this.end(status, Math.min(this.vm.own[L.SLOT_WRITTEN]!, this.reply.length));
  }

  /** Its call is answered, by its server or by the gateway. */
  end(status: number, replyBytes = 0): void {
    this.state = "answered";
    this.status = status;
    this.replyBytes = replyBytes;
    this.#first = 0;
  }

  /** Its server is gone, and may have seen its message, or has not. */
  lose(seen: number): void {
    this.state = "lost";
    this.seen = seen;
    if (seen === SEEN) this.#first = this.agent.act(() => nextFirst(this.#first));
  }

  /**
   * May its agent stand for another client? Not while its call is under way. When a server may have
   * seen its message, the repeat has to come from this agent: a Ledger would not know another one.
   */
  isQuiet(now: number): boolean {
    const limit_ms = this.#first === 0 ? QUIET_MS : QUIET_SEEN_MS;
    return this.state !== "running" && now - this.heard_ms > limit_ms;
  }

  /** Its client has given up: as a time limit that is over. False while its slot is claimed. */
  #takeBack(): boolean {
    return this.agent.act(() => {
      const state = load($own, L.SLOT_STATE);
      const kind = state & L.SLOT_STATE_MASK;
      const isOut = kind === L.SLOT_SEND || kind === L.SLOT_REPLY;
      if (kind === L.SLOT_CLAIMED || (isOut && !takeBack(state))) return false;
      emptyOutbox(0);
      return true;
    });
  }
}
