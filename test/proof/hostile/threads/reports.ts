/**
 * The main VM's side: takes the clients' reports, which it only polls for, and says when it is
 * enough.
 */
import { MsgReceive, MsgReply, name_attach, name_detach } from "reattach";
import { CLIENTS, GO_ON, REPORT_WORDS, REPORTS, STOP } from "./tasks.js";

/** An attacker may send reports too. */
const BYTES = 4 * REPORT_WORDS;

export class Reports {
  isEnough = false;
  /** Clients that have been told to stop. */
  readonly ended = new Set<number>();
  readonly #last = new Map<number, Int32Array>();
  readonly #chid = name_attach(null, REPORTS, 0);
  readonly #isClient: (pid: number) => boolean;
  readonly #info: { pid: number };

  /** `info` is a message info record; isClient() says whose reports count. */
  constructor(info: { pid: number }, isClient: (pid: number) => boolean) {
    this.#info = info;
    this.#isClient = isClient;
  }

  /** Answers what has come in since. Does not block. */
  poll(): void {
    const bytes = new Uint8Array(BYTES);
    for (;;) {
      const rcvid = MsgReceive(this.#chid, bytes, BYTES, this.#info as never);
      if (rcvid < 0) return;
      if (rcvid === 0) continue;
      if (this.#isClient(this.#info.pid)) {
        const words = new Int32Array(bytes.slice().buffer);
        this.#last.set(words[0]!, words);
        if (this.isEnough) this.ended.add(words[0]!);
      }
      MsgReply(rcvid, this.isEnough ? STOP : GO_ON, null, 0);
    }
  }

  get isOver(): boolean {
    return this.ended.size === CLIENTS;
  }

  /** Of all clients: 1 answers, 2 wrong ones, 3 failed sends. */
  sum(word: number): number {
    let sum = 0;
    for (const words of this.#last.values()) sum += words[word]!;
    return sum;
  }

  close(): void {
    name_detach(this.#chid, 0);
  }
}
