/**
 * Services of other boards, for clients of this one: each is a channel of the gateway's agent with
 * the name "/net/<board>/<service>". So its clients have what they have on one board: the channel
 * is closed when the service is gone, they get -EBADF or -ESRCH, their recovery waits for the name,
 * and the name comes back with the service.
 *
 * Who can die or be late, and what then happens:
 * - the frame of a call is lost, or its answer: it is sent again, more and more seldom, until there
 *   is an answer or the channel is closed;
 * - the server dies, or its board, or the broker is gone for too long: the channel is closed. Who
 *   has not been received gets -EBADF, who has gets -ESRCH: a server may have seen the message;
 * - an answer comes late: its number says that nobody waits for it;
 * - the client dies, or gives up: the answer finds nobody. BYE tells of the death.
 */
import type { Agent } from "./agent.js";
import type { ImportName } from "../manifest/net.js";
import { ChannelCreate, ChannelDestroy, _NTO_CHF_DISCONNECT } from "../kernel/channel/channel.js";
import { ConnectDetach } from "../kernel/connection/connect-attach.js";
import { EPROTO, EMSGSIZE, ERRNO_LIMIT } from "../kernel/errno.js";
import { MsgReceive } from "../kernel/message/receive.js";
import { MsgError, MsgInfo, MsgReply } from "../kernel/message/reply.js";
import { attachRemote } from "../kernel/name/name.js";
import { remoteName } from "../kernel/name/name-text.js";
import * as L from "../arena/layout.js";
import { createMsgInfo, createPulse, type MessageInfo, type Pulse } from "../arena/records.js";
import { _PULSE_CODE_DISCONNECT, PULSE_BYTES, readPulse } from "../kernel/pulse/pulse.js";
import { aliveTask } from "../kernel/task/task.js";
import * as F from "./frame.js";

/** A call that has no answer is sent again after so long; then after twice as long, and so on. */
const RETRY_MS = 200;
const RETRY_MAX_MS = 5_000;

const EMPTY = new Uint8Array(0);

/** A call that waits for its answer. */
interface Waiting {
  readonly rcvid: number;
  readonly imported: Imported;
  readonly number: number;
  readonly frame: Uint8Array;
  /** When it is sent again, and how long after the last time. */
  due_ms: number;
  pause_ms: number;
}

/** A client of this board, as one other board knows it: numbers are counted for each of them. */
interface Client {
  /** Of its last call, as this board counts them, and as its own kernel does. */
  number: number;
  message: number;
  waiting: Waiting | null;
}

/** A service of another board. */
interface Imported {
  readonly board: string;
  readonly service: string;
  /** "/net/<board>/<service>". */
  readonly name: string;
  /** Its number on that board; -1 while it has none. */
  number: number;
  /** Its life there; 0 while it is not there. */
  life: number;
  /** -1 while it is not there. */
  chid: number;
  session: number;
  /** pids of clients that have sent something, by their scoids. */
  readonly clients: Map<number, number>;
  /** Clients of all services of its board, by their pids. */
  readonly known: Map<number, Client>;
}

/** What is counted, for those who look. */
export interface ImportCounts {
  /** Calls of clients of this board. */
  calls: number;
  /** Frames that were sent again. */
  retries: number;
  /** Answers for which nobody waited. */
  late: number;
}

export interface ImportsOptions {
  /** The gateway's own agent: the server of all that is imported. */
  readonly agent: Agent;
  readonly imports: readonly ImportName[];
  readonly send: (board: string, frame: Uint8Array) => void;
  readonly warn: (text: string) => void;
}

export class Imports {
  readonly counts: ImportCounts = { calls: 0, retries: 0, late: 0 };
  readonly #options: ImportsOptions;
  readonly #imports: readonly Imported[];
  /** Clients by board, then by pid. */
  readonly #clients = new Map<string, Map<number, Client>>();
  readonly #header = F.createHeader();
  readonly #info: MessageInfo = createMsgInfo();
  readonly #pulse = createPulse();
  readonly #message: Uint8Array;

  constructor(options: ImportsOptions) {
    this.#options = options;
    for (const { board } of options.imports) this.#clients.set(board, new Map());
    this.#imports = options.imports.map(({ board, service }) => ({
      board,
      service,
      name: remoteName(board, service),
      number: -1,
      life: 0,
      chid: -1,
      session: 0,
      clients: new Map(),
      known: this.#clients.get(board)!,
    }));
    const { words } = options.agent.vm;
    this.#message = new Uint8Array(Math.max(words[L.HEAD_MESSAGE_BYTES]!, PULSE_BYTES));
  }

  /** Boards of which something is imported. */
  get boards(): ReadonlySet<string> {
    return new Set(this.#imports.map(({ board }) => board));
  }

  /**
   * What a board exports now, by the number that a service has there; null: nothing, it is gone, or
   * nobody knows. Opens and closes channels.
   */
  update(
    board: string,
    session: number,
    services: readonly { readonly name: string; readonly life: number }[] | null,
  ): void {
    for (const imported of this.#imports) {
      if (imported.board !== board) continue;
      const number = services?.findIndex(({ name }) => name === imported.service) ?? -1;
      const life = number < 0 ? 0 : services![number]!.life;
      if (life === imported.life && session === imported.session && imported.chid >= 0) continue;
      this.#close(imported);
      if (life === 0) continue;
      imported.number = number;
      imported.life = life;
      imported.session = session;
      this.#open(imported);
    }
  }

  #open(imported: Imported): void {
    const { agent, warn } = this.#options;
    agent.act(() => {
      const chid = ChannelCreate(_NTO_CHF_DISCONNECT);
      const status = chid < 0 ? chid : attachRemote(imported.name, chid);
      if (status >= 0) {
        imported.chid = chid;
        return;
      }
      if (chid >= 0) ChannelDestroy(chid);
      warn(`net: ${imported.name} cannot be opened: ${status}`);
    });
  }

  /** Its clients learn that it is gone. */
  #close(imported: Imported): void {
    const { chid } = imported;
    imported.life = 0;
    if (chid < 0) return;
    imported.chid = -1;
    imported.clients.clear();
    for (const client of imported.known.values()) {
      if (client.waiting?.imported === imported) client.waiting = null;
    }
    this.#options.agent.act(() => ChannelDestroy(chid));
  }

  /** Takes what clients have sent since, and sends again what has no answer. */
  poll(now: number): void {
    for (const imported of this.#imports) {
      while (imported.chid >= 0 && this.#receive(imported, now));
    }
    for (const clients of this.#clients.values()) {
      for (const client of clients.values()) {
        const { waiting } = client;
        if (waiting !== null && now >= waiting.due_ms) this.#retry(client, waiting, now);
      }
    }
  }

  /** When a call is to be sent again; Infinity when none is under way. */
  get due_ms(): number {
    let due = Infinity;
    for (const clients of this.#clients.values()) {
      for (const { waiting } of clients.values()) {
        if (waiting !== null && waiting.due_ms < due) due = waiting.due_ms;
      }
    }
    return due;
  }

  #receive(imported: Imported, now: number): boolean {
    const { agent } = this.#options;
    const message = this.#message;
    const rcvid = agent.act(() => MsgReceive(imported.chid, message, message.length, this.#info));
    if (rcvid < 0) return false;
    if (rcvid === 0) this.#receivePulse(imported);
    else this.#call(imported, rcvid, now);
    return true;
  }

  #call(imported: Imported, rcvid: number, now: number): void {
    const info = this.#info;
    const { msglen, srcmsglen } = info;
    if (msglen < srcmsglen) {
      this.#options.agent.act(() => MsgError(rcvid, EMSGSIZE));
      return;
    }
    this.counts.calls++;
    imported.clients.set(info.scoid, info.pid);
    const client = clientIn(imported.known, info.pid);
    if (client.message !== info.number) {
      client.message = info.number;
      client.number = (client.number + 1) % F.NUMBERS;
    }
    const header = this.#head(F.CALL, imported, info.pid);
    header.attempt = info.attempt - 1;
    header.priority = info.priority;
    header.number = client.number;
    header.room = Math.min(info.dstmsglen, F.ROOM_MAX);
    const frame = F.frameOf(header, this.#message, msglen);
    const pause_ms = RETRY_MS;
    const { number } = client;
    client.waiting = { rcvid, imported, number, frame, due_ms: now + pause_ms, pause_ms };
    this.#options.send(imported.board, frame);
  }

  #retry(client: Client, waiting: Waiting, now: number): void {
    if (this.#options.agent.act(() => MsgInfo(waiting.rcvid, this.#info)) < 0) {
      client.waiting = null;
      return;
    }
    this.counts.retries++;
    waiting.pause_ms = Math.min(waiting.pause_ms * 2, RETRY_MAX_MS);
    waiting.due_ms = now + waiting.pause_ms;
    this.#options.send(waiting.imported.board, waiting.frame);
  }

  #receivePulse(imported: Imported): void {
    const pulse = this.#pulse;
    readPulse(this.#message, pulse);
    if (pulse.code >= 0) this.#sendPulse(imported, pulse);
    else if (pulse.code === _PULSE_CODE_DISCONNECT) this.#disconnected(imported, pulse.scoid);
  }

  #sendPulse(imported: Imported, { code, value, priority }: Pulse): void {
    const header = this.#head(F.PULSE, imported, 0);
    header.priority = priority;
    const body = new Uint8Array(F.PULSE_BODY_BYTES);
    const view = new DataView(body.buffer);
    view.setInt32(0, code, true);
    view.setInt32(4, value, true);
    this.#options.send(imported.board, F.frameOf(header, body));
  }

  #disconnected(imported: Imported, scoid: number): void {
    this.#options.agent.act(() => ConnectDetach(scoid));
    const pid = imported.clients.get(scoid);
    if (pid === undefined) return;
    imported.clients.delete(scoid);
    const client = imported.known.get(pid);
    if (client?.waiting?.imported === imported) client.waiting = null;
    this.#options.send(imported.board, F.frameOf(this.#head(F.BYE, imported, pid), EMPTY));
  }

  /** A frame of a server's board, in the session that it is in with this one. */
  frame(from: string, header: F.Header, body: Uint8Array): void {
    const client = this.#clients.get(from)?.get(header.client);
    const waiting = client?.waiting ?? null;
    if (waiting === null || waiting.number !== header.number) {
      this.counts.late++;
      return;
    }
    client!.waiting = null;
    // Whoever was waiting for this life of the service waits in vain.
    if (header.type === F.LOST) return this.#close(waiting.imported);
    const status = new DataView(body.buffer, body.byteOffset, body.length).getInt32(0, true);
    this.#options.agent.act(() => answer(waiting.rcvid, status, body.subarray(4)));
  }

  #head(type: number, imported: Imported, client: number): F.Header {
    const header = this.#header;
    header.type = type;
    header.attempt = 0;
    header.service = imported.number;
    header.life = imported.life % F.SERVICE_LIVES;
    header.priority = 0;
    header.session = imported.session;
    header.client = client;
    header.number = 0;
    header.room = 0;
    return header;
  }
}

/** The record of a client; with a new one go those of the dead: there are only so many places. */
function clientIn(clients: Map<number, Client>, pid: number): Client {
  const known = clients.get(pid);
  if (known !== undefined) return known;
  for (const other of clients.keys()) if (aliveTask(other) === 0) clients.delete(other);
  const client = { number: 0, message: -1, waiting: null };
  clients.set(pid, client);
  return client;
}

/** Ends a call; one whose client has given up, or is dead, is ended already. */
function answer(rcvid: number, status: number, reply: Uint8Array): void {
  const error = status < 0 ? -status : -MsgReply(rcvid, status, reply, reply.length);
  // Also when the reply is longer than a message may be here: its client would wait for ever.
  if (error !== 0) MsgError(rcvid, error < ERRNO_LIMIT ? error : EPROTO);
}
