/**
 * How the clients tell what came out: as messages to the main VM, which only polls. So it works on
 * every host.
 */
import { MsgReceive, MsgReply, MsgSend, name_attach, name_detach, name_open } from "reattach";

/** What a client has to tell at its end. */
export interface ClientResult {
  readonly sender: number;
  readonly answered: number;
  readonly wrong: number;
  readonly failed: number;
  /** Sum of all answers, and what it must be. */
  readonly sum: number;
  readonly expected: number;
  /** Messages that were to have an effect, and effects that they had. */
  readonly added: number;
  readonly effects: number;
  /** 1 when the server's sum of all effects is the client's. */
  readonly isTotalRight: number;
}

const NAME = "results";
/** The fields of a ClientResult as words, in this order. */
const FIELDS = [
  "sender",
  "answered",
  "wrong",
  "failed",
  "sum",
  "expected",
  "added",
  "effects",
  "isTotalRight",
] as const;
const BYTES = 4 * FIELDS.length;

/** A client's last act. Blocks until the main VM has it. */
export function tellResult(result: ClientResult): void {
  const words = Int32Array.from(FIELDS, (field) => result[field]);
  const status = MsgSend(name_open(NAME, 0), new Uint8Array(words.buffer), BYTES, null, 0);
  if (status !== 0) throw new Error(`tellResult: MsgSend: ${status}`);
}

/** The results that have come in, on the main VM. */
export class Results {
  readonly clients: ClientResult[] = [];
  readonly #chid = name_attach(null, NAME, 0);
  readonly #words = new Int32Array(FIELDS.length);

  /** Takes what has come in since. Does not block. */
  poll(): void {
    const bytes = new Uint8Array(this.#words.buffer);
    for (;;) {
      const rcvid = MsgReceive(this.#chid, bytes, BYTES, null);
      if (rcvid <= 0) return;
      const entries = FIELDS.map((field, i) => [field, this.#words[i]!]);
      this.clients.push(Object.fromEntries(entries) as ClientResult);
      MsgReply(rcvid, 0, null, 0);
    }
  }

  close(): void {
    name_detach(this.#chid, 0);
  }
}
