/**
 * A service of the stress test: answers every message with the number that it must get. The relay
 * asks another service for it, while its own client waits. "sum" also adds values up, in a ledger
 * in stable memory, so that effects can be counted.
 */
import {
  createMsgInfo,
  getpid,
  Ledger,
  MsgReceive,
  MsgReply,
  MsgSend,
  name_attach,
} from "reattach";
import { openService } from "./connection.js";
import { seededRandom } from "../../../src/manager/supervise/random.js";
import type { HostPort } from "../../../src/host.js";
import { ADD, ANSWER, answerOf, BYTES, COUNT, KIND, LEDGER, NUMBER, PLAIN } from "./protocol.js";
import { ON_PURPOSE, SENDER, SUM, TOTAL, VALUE, WORDS } from "./protocol.js";

/** What a service is told. */
export interface ServerArgs {
  readonly service: string;
  /** The share of copies in which it crashes. */
  readonly crashes?: number;
  readonly seed?: number;
}

export function main({ service, crashes = 0, seed = 0 }: ServerArgs): void {
  const chid = name_attach(null, service, 0);
  if (chid < 0) throw new Error(`${service}: name_attach: ${chid}`);
  if (service === "relay") new Server(chid).passOn();
  if (crashes > 0) crashInCopies(crashes, seed + getpid());
  new Server(chid).serve(service);
}

/**
 * From now on it crashes where bytes are copied: when it has received, in the middle of a commit,
 * between a commit and its reply, inside its claim on a client. On XS a kill strikes nowhere there.
 */
function crashInCopies(share: number, seed: number): void {
  const random = seededRandom(seed);
  const vm = $vm as { port: HostPort };
  const { port } = vm;
  const copy: HostPort["copy"] = (target, targetStart, source, sourceStart, bytesToCopy) => {
    port.copy(target, targetStart, source, sourceStart, bytesToCopy);
    if (random() < share) throw new Error(ON_PURPOSE);
  };
  vm.port = Object.create(port, { copy: { value: copy } }) as HostPort;
}

/** Its buffers are its own: on a device what a module holds at its top lies in flash. */
class Server {
  readonly #chid: number;
  readonly #words = new Int32Array(WORDS);
  readonly #bytes = new Uint8Array(this.#words.buffer);
  readonly #info = createMsgInfo();

  constructor(chid: number) {
    this.#chid = chid;
  }

  serve(service: string): never {
    const words = this.#words;
    const ledger = service === "sum" ? new Ledger(LEDGER) : null;
    for (;;) {
      const rcvid = MsgReceive(this.#chid, this.#bytes, BYTES, this.#info);
      if (rcvid <= 0) continue;
      const isPlain = ledger === null || words[KIND] === PLAIN;
      words[ANSWER] = answerOf(service, words[SENDER]!, words[NUMBER]!, words[VALUE]!);
      if (isPlain) MsgReply(rcvid, 0, this.#bytes, BYTES);
      else this.#count(ledger, rcvid);
    }
  }

  passOn(): never {
    const bytes = this.#bytes;
    const sum = openService("sum");
    for (;;) {
      const rcvid = MsgReceive(this.#chid, bytes, BYTES, null);
      if (rcvid <= 0) continue;
      // What the relay asks for is not once: it may die after it has asked.
      this.#words[KIND] = PLAIN;
      const status = MsgSend(sum, bytes, BYTES, bytes, BYTES);
      MsgReply(rcvid, status < 0 ? 1 : 0, bytes, BYTES);
    }
  }

  /** Adds a value once, or tells the sum. */
  #count(ledger: Ledger, rcvid: number): void {
    const words = this.#words;
    if (words[KIND] === ADD && ledger.answers(rcvid, this.#info)) return;
    const sums = new Int32Array(ledger.state.buffer, 8 * words[SENDER]!, 2);
    if (words[KIND] === ADD) {
      sums[0]! += 1;
      sums[1] = (sums[1]! + words[VALUE]!) | 0;
    }
    words[COUNT] = sums[0]!;
    words[SUM] = sums[1]!;
    if (words[KIND] === TOTAL) MsgReply(rcvid, 0, this.#bytes, BYTES);
    else ledger.reply(rcvid, this.#info, 0, this.#bytes, BYTES);
  }
}
