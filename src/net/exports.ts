/**
 * Services of this board for clients of others: takes their calls, has agents make them, and sends
 * back what has come of them.
 *
 * Who can die or be late, and what then happens:
 * - the frame of a call is lost: the client's board sends it again;
 * - it comes twice, or late: its number says so, and it does nothing, or has the answer sent again;
 * - the server dies: LOST, with what is known of the message, and the status of this board says
 *   that the service is gone. If both are lost, the repeat of the call has LOST sent again;
 * - the answer is lost: the repeat of the call has it sent again;
 * - the client dies, and a copy of its call comes after BYE: its number is known for a while;
 * - the client dies, or its board: BYE, or another life of its board, and its agent dies. If BYE is
 *   lost, its agent is taken for another client once it has been quiet for a while. If it was alive
 *   after all, its number is known, so nothing is done twice;
 * - this board dies: the next life of it knows none of the sessions, and drops their frames.
 */
import { isOpen, entryOf } from "../kernel/connection/connection.js";
import { ConnectDetach } from "../kernel/connection/connect-attach.js";
import { EAGAIN, EMSGSIZE } from "../kernel/errno.js";
import * as L from "../arena/layout.js";
import type { Vm } from "../arena/vm.js";
import { name_open } from "../kernel/name/name.js";
import { sendPulse } from "../kernel/pulse/pulse.js";
import { PRIORITY_MAX, PRIORITY_MIN } from "../kernel/task/task.js";
import { type Agent, type AgentListener, agentPlaces, claimAgent } from "./agent.js";
import * as F from "./frame.js";
import type { ServiceStatus } from "./status.js";
import { Visitor } from "./visitor.js";

/** So many clients that are gone are known for a while: a frame of theirs may come late. */
const GONE_MAX = 64;

/** What is counted, for those who look. */
export interface ExportCounts {
  /** Calls that were made for clients of other boards. */
  calls: number;
  /** Frames of calls that had been made, or were under way. */
  repeats: number;
  /** Calls that were refused: all agents stand for somebody. */
  refused: number;
}

/** A service of this board, as the gateway's own agent is connected to it. */
interface Exported {
  readonly name: string;
  /** 0 while it is not there. */
  life: number;
  coid: number;
  lives: number;
}

export interface ExportsOptions {
  readonly main: Vm;
  /** The gateway's own agent. */
  readonly agent: Agent;
  /** Names of services, in the order of their numbers. */
  readonly services: readonly string[];
  /** Sends a frame to another board. */
  readonly send: (board: string, frame: Uint8Array) => void;
  readonly agents: AgentListener;
}

export class Exports {
  readonly counts: ExportCounts = { calls: 0, repeats: 0, refused: 0 };
  readonly #options: ExportsOptions;
  readonly #services: readonly Exported[];
  readonly #visitors: (Visitor | null)[];
  /** Clients without an agent any more, and the numbers of the last calls that are done with. */
  readonly #gone = new Map<string, number>();
  readonly #header = F.createHeader();
  readonly #answer: Uint8Array;
  readonly #messageBytes: number;

  constructor(options: ExportsOptions) {
    this.#options = options;
    this.#messageBytes = options.main.words[L.HEAD_MESSAGE_BYTES]!;
    this.#services = options.services.map((name) => ({ name, life: 0, coid: -1, lives: 0 }));
    // The first place is the gateway's own.
    const visitors = Math.max(0, agentPlaces(options.main) - 1);
    this.#visitors = Array.from({ length: visitors }, () => null);
    this.#answer = new Uint8Array(4 + this.#messageBytes);
  }

  /** Which services are there, for the status of this board. */
  get services(): readonly ServiceStatus[] {
    return this.#services.map(({ name, life }) => ({ name, life }));
  }

  /** Clients of other boards, by the places of their agents; null where one is free. */
  get visitors(): readonly (Visitor | null)[] {
    return this.#visitors;
  }

  /** Looks for services that have come or gone; true when one has, and others are to be told. */
  lookAtServices(): boolean {
    let hasChanged = false;
    for (const service of this.#services) {
      if (this.#lookAt(service)) hasChanged = true;
    }
    return hasChanged;
  }

  #lookAt(service: Exported): boolean {
    return this.#options.agent.act(() => {
      if (service.coid >= 0 && isOpen(entryOf(service.coid))) return false;
      const hadOne = service.coid >= 0;
      if (hadOne) ConnectDetach(service.coid);
      const coid = name_open(service.name, 0);
      service.coid = coid;
      if (coid < 0) {
        service.life = 0;
        return hadOne;
      }
      service.lives++;
      service.life = service.lives;
      return true;
    });
  }

  /** Sends answers of calls that have ended. */
  look(): void {
    for (const visitor of this.#visitors)
      if (visitor !== null && visitor.look()) this.#tell(visitor);
  }

  /** A frame of a client's board, in the session that it is in with this one. */
  frame(from: string, header: F.Header, body: Uint8Array, now: number): void {
    if (header.service >= this.#services.length) return;
    if (header.type === F.CALL) this.#call(from, header, body, now);
    else if (header.type === F.BYE) this.#bye(from, header);
    else if (header.type === F.PULSE) this.#pulse(header, body);
  }

  /** Does an agent stand for a client of this board? */
  serves(board: string): boolean {
    return this.#visitors.some((visitor) => visitor?.board === board);
  }

  /** A board has booted anew, or for the first time: its clients of before are dead. */
  forget(board: string): void {
    this.#visitors.forEach((visitor, place) => {
      if (visitor?.board === board) this.#release(place, visitor);
    });
    for (const key of this.#gone.keys())
      if (key.startsWith(keyOf(board, ""))) this.#gone.delete(key);
  }

  #call(from: string, header: F.Header, body: Uint8Array, now: number): void {
    const known = this.#find(from, header.client);
    if (known === null && this.#isLate(from, header)) {
      this.counts.repeats++;
      return;
    }
    const visitor = known ?? this.#admit(from, header.client, now);
    if (visitor === null) {
      this.counts.refused++;
      return this.#refuse(from, header, -EAGAIN);
    }
    visitor.heard_ms = now;
    if (visitor.number >= 0 && F.isOlder(header.number, visitor.number)) {
      this.counts.repeats++;
      return;
    }
    if (header.number === visitor.number) {
      this.counts.repeats++;
      // Attempts are counted up to 7 only; then another life of the service says it.
      const isLater = header.attempt > visitor.attempt || header.life !== visitor.life;
      const isRetry = visitor.state === "lost" && isLater;
      if (!isRetry) {
        if (visitor.state !== "running") this.#tell(visitor);
        return;
      }
    } else if (!visitor.begin(header.number)) return;
    visitor.session = header.session;
    visitor.service = header.service;
    visitor.life = header.life;
    visitor.attempt = header.attempt;
    this.#transmit(visitor, header, body);
    if (visitor.state !== "running") this.#tell(visitor);
  }

  #transmit(visitor: Visitor, header: F.Header, body: Uint8Array): void {
    const coid = this.#connect(visitor, header.service, header.life);
    if (coid === -EAGAIN) return visitor.end(-EAGAIN);
    if (coid < 0) return visitor.lose(F.UNSEEN);
    if (body.length > this.#messageBytes) return visitor.end(-EMSGSIZE);
    this.counts.calls++;
    visitor.agent.priority = Math.min(Math.max(header.priority, PRIORITY_MIN), PRIORITY_MAX);
    visitor.transmit(coid, body, header.room);
  }

  /** A visitor's connection to exactly this life of a service; -1 when that is gone, or -EAGAIN. */
  #connect(visitor: Visitor, number: number, life: number): number {
    const service = this.#services[number]!;
    if (service.life === 0 || service.life % F.SERVICE_LIVES !== life) return -1;
    const known = visitor.coidFor(number, service.life);
    if (known >= 0) return known;
    const coid = visitor.agent.act(() => name_open(service.name, 0));
    if (coid < 0) return coid === -EAGAIN ? coid : -1;
    // The name may have gone to a successor since the last look.
    const entry = visitor.agent.act(() => entryOf(coid));
    const ours = this.#options.agent.act(() => entryOf(service.coid));
    const { words } = visitor.vm;
    const isSame =
      words[entry + L.CONNECTION_CHANNEL] === words[ours + L.CONNECTION_CHANNEL] &&
      words[entry + L.CONNECTION_CHANNEL_LIFE] === words[ours + L.CONNECTION_CHANNEL_LIFE];
    if (isSame) {
      visitor.keep(number, service.life, coid);
      return coid;
    }
    visitor.agent.act(() => ConnectDetach(coid));
    return -1;
  }

  #bye(from: string, header: F.Header): void {
    this.#visitors.forEach((visitor, place) => {
      if (visitor === null || visitor.board !== from || visitor.client !== header.client) return;
      if (!visitor.drop(header.service)) return;
      this.#remember(visitor);
      this.#release(place, visitor);
    });
  }

  /** A call that was lost may be tried again: only those before it are done with. */
  #remember({ board, client, number, state }: Visitor): void {
    if (this.#gone.size === GONE_MAX) {
      const [oldest] = this.#gone.keys();
      this.#gone.delete(oldest!);
    }
    this.#gone.set(keyOf(board, client), state === "lost" ? number - 1 : number);
  }

  /** Is it a call of a client that has no agent any more? It may be back, with another number. */
  #isLate(board: string, { client, number }: F.Header): boolean {
    const last = this.#gone.get(keyOf(board, client));
    return last !== undefined && (number === last || F.isOlder(number, last));
  }

  /** Pulses come from the gateway's own agent: nobody answers them. */
  #pulse(header: F.Header, body: Uint8Array): void {
    const service = this.#services[header.service]!;
    if (service.life === 0 || service.life % F.SERVICE_LIVES !== header.life) return;
    const view = new DataView(body.buffer, body.byteOffset, body.length);
    const code = view.getInt32(0, true);
    const value = view.getInt32(4, true);
    this.#options.agent.act(() => sendPulse(service.coid, header.priority, code, value));
  }

  #find(board: string, client: number): Visitor | null {
    for (const visitor of this.#visitors) {
      if (visitor !== null && visitor.client === client && visitor.board === board) return visitor;
    }
    return null;
  }

  /** An agent for a client; null when all of them stand for somebody. */
  #admit(board: string, client: number, now: number): Visitor | null {
    const place = this.#freePlace(now);
    if (place < 0) return null;
    const quiet = this.#visitors[place]!;
    if (quiet !== null) {
      this.#remember(quiet);
      this.#release(place, quiet);
    }
    const agent = claimAgent(this.#options.main, place + 1);
    if (agent === null) return null;
    this.#options.agents.claimed(agent);
    const visitor = new Visitor(board, client, agent, this.#messageBytes);
    this.#visitors[place] = visitor;
    return visitor;
  }

  #freePlace(now: number): number {
    const free = this.#visitors.indexOf(null);
    if (free >= 0) return free;
    return this.#visitors.findIndex((visitor) => visitor!.isQuiet(now));
  }

  #release(place: number, visitor: Visitor): void {
    this.#options.agents.died(visitor.agent);
    visitor.agent.die();
    this.#visitors[place] = null;
  }

  /** Sends what the last call of a visitor has come to. */
  #tell(visitor: Visitor): void {
    const header = this.#header;
    header.type = visitor.state === "answered" ? F.REPLY : F.LOST;
    header.attempt = visitor.attempt;
    header.service = visitor.service;
    header.life = visitor.life;
    header.session = visitor.session;
    header.client = visitor.client;
    header.number = visitor.number;
    let count = 1;
    if (visitor.state === "answered") {
      this.#writeStatus(visitor.status);
      this.#answer.set(visitor.reply.subarray(0, visitor.replyBytes), 4);
      count = 4 + visitor.replyBytes;
    } else {
      this.#answer[0] = visitor.seen;
    }
    this.#send(visitor.board, count);
  }

  #refuse(from: string, header: F.Header, status: number): void {
    Object.assign(this.#header, header, { type: F.REPLY });
    this.#writeStatus(status);
    this.#send(from, 4);
  }

  #writeStatus(status: number): void {
    new DataView(this.#answer.buffer).setInt32(0, status, true);
  }

  #send(board: string, count: number): void {
    this.#options.send(board, F.frameOf(this.#header, this.#answer, count));
  }
}

/** Of a client of a board. */
function keyOf(board: string, client: number | ""): string {
  return `${board} ${client}`;
}
