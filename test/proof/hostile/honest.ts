/**
 * The honest: a server and a client that run among hostile tasks, and one who asks the manager.
 * Every answer has to be that of its message, byte by byte.
 */
import { ConnectAttach, ConnectDetach } from "../../../src/kernel/connection/connect-attach.js";
import {
  _NTO_CHF_DISCONNECT,
  _NTO_CHF_UNBLOCK,
  ChannelCreate,
  managerChid,
} from "../../../src/kernel/channel/channel.js";
import { EAGAIN, EBADF } from "../../../src/kernel/errno.js";
import { MsgReceive } from "../../../src/kernel/message/receive.js";
import { MsgReply } from "../../../src/kernel/message/reply.js";
import { name_attach } from "../../../src/kernel/name/name.js";
import {
  _PULSE_CODE_DISCONNECT,
  _PULSE_CODE_UNBLOCK,
  readPulse,
  sendPulse,
} from "../../../src/kernel/pulse/pulse.js";
import { createMsgInfo, createPulse } from "../../../src/arena/records.js";
import { MsgError } from "../../../src/kernel/message/reply.js";
import { sharedAcquire, sharedView } from "../../../src/kernel/message/shared-buffer.js";
import type { Vm } from "../../../src/arena/vm.js";
import { stableCommit } from "../../../src/kernel/stable.js";
import { pollSend, sendAsync } from "../../../src/ha/async.js";
import { as, type Bench } from "../../unit/kernel/vms.js";
import { VERBOSE_GET } from "../../../src/ham/protocol/constants.js";
import { OPERATIONS } from "../../../src/ham/protocol/operations.js";
import { writeRaw } from "../../unit/manager/raw-request.js";

const BYTES = 40;
/** Messages that a hostile task may leave for a server between two of the honest client's. */
const OTHERS_MAX = 16;

function require(holds: boolean, what: string): void {
  if (!holds) throw new Error(`the honest: ${what}`);
}

/** A client with a message under way, or none. */
class Client {
  readonly vm: Vm;
  readonly coid: number;
  readonly message = new Uint8Array(BYTES);
  readonly reply = new Uint8Array(BYTES);
  status: number | null = null;

  constructor(vm: Vm, coid: number) {
    this.vm = vm;
    this.coid = coid;
  }

  send(bytes: number): number {
    this.status = null;
    this.reply.fill(0);
    return as(this.vm, () =>
      sendAsync(this.coid, this.message, bytes, this.reply, BYTES, (status) => {
        this.status = status;
      }),
    );
  }

  settle(): number | null {
    as(this.vm, pollSend);
    return this.status;
  }
}

export class Honest {
  readonly server: Vm;
  readonly client: Client;
  /** Asks the manager. */
  readonly asker: Client;
  readonly chid: number;
  readonly shared: number;
  answers = 0;
  readonly #bench: Bench;
  readonly #message = new Uint8Array(64);
  readonly #info = createMsgInfo();
  readonly #pulse = createPulse();
  readonly #pulses: number[] = [];

  /** In these places of the arena. */
  constructor(bench: Bench, places: readonly [number, number, number]) {
    this.#bench = bench;
    const [first, second, third] = places;
    this.server = bench.start(first);
    this.chid = as(this.server, () => ChannelCreate(_NTO_CHF_DISCONNECT | _NTO_CHF_UNBLOCK));
    as(this.server, () => name_attach({ chid: this.chid }, "honest", 0));
    as(this.server, () => stableCommit(new Uint8Array([1, 2, 3, 4]), 4));
    this.shared = as(this.server, sharedAcquire);
    as(this.server, () => sharedView(this.shared)!.fill(0x5a));
    const vm = bench.start(second);
    const coid = as(vm, () => ConnectAttach(0, this.server.pid, this.chid, 0, 0));
    this.client = new Client(vm, coid);
    const asker = bench.start(third);
    const manager = as(asker, () => ConnectAttach(0, bench.main.pid, managerChid(), 0, 0));
    this.asker = new Client(asker, manager);
  }

  get vms(): readonly Vm[] {
    return [this.server, this.client.vm, this.asker.vm];
  }

  /** The server takes one thing that waits for it. False: there was nothing. */
  serveOne(): boolean {
    return as(this.server, () => {
      const rcvid = MsgReceive(this.chid, this.#message, this.#message.length, this.#info);
      if (rcvid < 0) return false;
      require(Number.isSafeInteger(rcvid), `MsgReceive returned ${rcvid}`);
      if (rcvid === 0) {
        this.#takePulse();
        return true;
      }
      const { msglen, srcmsglen, dstmsglen, priority } = this.#info;
      const fields = Object.values(this.#info);
      require(fields.every((field) => Number.isSafeInteger(field)), `info ${fields.join(" ")}`);
      require(msglen <= srcmsglen && srcmsglen >= 0 && dstmsglen >= 0, "lengths");
      require(priority >= 1 && priority <= 63, `priority ${priority}`);
      for (let i = 0; i < msglen && i < this.#message.length; i++) {
        this.#message[i] = this.#message[i]! ^ 0xff;
      }
      MsgReply(rcvid, 7, this.#message, Math.min(msglen, this.#message.length));
      return true;
    });
  }

  #takePulse(): void {
    readPulse(this.#message, this.#pulse);
    const { code, value, scoid } = this.#pulse;
    if (code === _PULSE_CODE_DISCONNECT) ConnectDetach(scoid);
    else if (code === _PULSE_CODE_UNBLOCK) MsgError(value, -1);
    else if (code === 3) this.#pulses.push(value);
  }

  /** The client asks, is answered, and the answer is that of its message. */
  roundTrip(): void {
    const { client } = this;
    for (let i = 0; i < BYTES; i++) client.message[i] = (this.answers * 31 + i * 7) & 0xff;
    const error = client.send(BYTES);
    require(error === 0, `sendAsync returned ${error}`);
    for (let i = 0; i < OTHERS_MAX && client.settle() === null; i++) this.serveOne();
    require(client.status === 7, `the status is ${client.status}`);
    const isRight = client.reply.every((byte, i) => byte === (client.message[i]! ^ 0xff));
    require(isRight, `the reply is ${client.reply.join(" ")}`);
    this.answers++;
  }

  /** A pulse arrives, or there is no room for it. */
  pulseTrip(): void {
    const value = this.answers & 0xffff;
    const status = as(this.client.vm, () => sendPulse(this.client.coid, 20, 3, value));
    require(status === 0 || status === -EAGAIN, `MsgSendPulse returned ${status}`);
    this.#pulses.length = 0;
    for (let i = 0; i < OTHERS_MAX * 2 && this.serveOne(); i++);
    require(status !== 0 || this.#pulses.includes(value), `pulse ${value} has not come`);
  }

  /** The manager answers, unless somebody has stopped it. */
  askManager(poll: () => void): void {
    const bytes = writeRaw(this.asker.message, OPERATIONS.verbose.op, 0, [VERBOSE_GET, 0], []);
    const error = this.asker.send(bytes);
    require(error === 0, `the manager is not there: ${error}`);
    for (let i = 0; i < OTHERS_MAX && this.asker.settle() === null; i++) as(this.#bench.main, poll);
    const { status } = this.asker;
    require(status !== null && (status >= 0 || status === -EBADF), `the manager says ${status}`);
  }
}
