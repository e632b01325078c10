/**
 * The main VM's side of the client's reports.
 */
import { MsgReceive, MsgReply, name_attach } from "reattach";
import { FINDING_BYTES, FINDING_WORDS, MAIN } from "./protocol.js";

/** Takes what the client has found. Call it after boot(). */
export class Findings {
  readonly #chid = name_attach(null, MAIN, 0);
  readonly #finding = new Int32Array(FINDING_WORDS);
  readonly #bytes = new Uint8Array(this.#finding.buffer);

  /** The next finding, or null when there is none. The same array every time. Does not block. */
  take(): Int32Array | null {
    const rcvid = MsgReceive(this.#chid, this.#bytes, FINDING_BYTES, null);
    if (rcvid <= 0) return null;
    MsgReply(rcvid, 0, null, 0);
    return this.#finding;
  }
}
