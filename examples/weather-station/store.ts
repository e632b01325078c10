/**
 * The store: keeps the summary of each day, counts what it was ever given, and answers queries.
 *
 * All it knows is the state of its ledger, in stable memory: what it has acknowledged is there
 * however it dies, and its successor goes on with it at once. A day that the station puts twice,
 * because the store died before it could answer, is counted once.
 */
import {
  createMsgInfo,
  EINVAL,
  Ledger,
  type MessageInfo,
  MsgError,
  MsgReceive,
  MsgReply,
  name_attach,
} from "reattach";
import {
  DAY,
  GET,
  type Message,
  MESSAGE_BYTES,
  PUT,
  STATUS_UNKNOWN_DAY,
  STORE,
  SUMMARY,
  TOTAL_DAYS,
  TOTAL_HOURS,
  TOTALS,
  createMessage,
} from "./protocol.js";
import { copySummary, COUNT, SUMMARY_FIELDS } from "./summary.js";

const DAYS_MAX = 366;
/** The ledger's state: two 32-bit words, days and hours; then the days, 16 bits to a number. */
const TOTALS_WORDS = 2;
const DAYS_AT_BYTE = 4 * TOTALS_WORDS;
const DAYS_FIELDS = DAYS_MAX * SUMMARY_FIELDS;

/** One client puts days: the station. Needs stableBytes of 4,420 in the manifest. */
const LEDGER = Object.freeze({ stateBytes: DAYS_AT_BYTE + 2 * DAYS_FIELDS, clients: 1 });

class Store {
  readonly #ledger = new Ledger(LEDGER);
  readonly #totals = new Int32Array(this.#ledger.state.buffer, 0, TOTALS_WORDS);
  readonly #days = new Int16Array(this.#ledger.state.buffer, DAYS_AT_BYTE, DAYS_FIELDS);
  readonly #reply = createMessage();

  /** Answers one message. */
  serve(rcvid: number, { words }: Message, info: MessageInfo): void {
    const type = words[0];
    const day = words[DAY]!;
    if (type === TOTALS) this.#tellTotals(rcvid);
    else if (day < 0 || day >= DAYS_MAX) MsgError(rcvid, EINVAL);
    else if (type === PUT) this.#put(rcvid, words, info);
    else if (type === GET) this.#find(rcvid, day * SUMMARY_FIELDS);
    else MsgError(rcvid, EINVAL);
  }

  /** Keeps a day, and counts it and its hours, once. */
  #put(rcvid: number, words: Int32Array, info: MessageInfo): void {
    if (this.#ledger.answers(rcvid, info)) return;
    copySummary(words, SUMMARY, this.#days, words[DAY]! * SUMMARY_FIELDS);
    this.#totals[TOTAL_DAYS]! += 1;
    this.#totals[TOTAL_HOURS]! += words[SUMMARY + COUNT]!;
    this.#ledger.reply(rcvid, info, 0, null, 0);
  }

  #find(rcvid: number, at: number): void {
    if (this.#days[at + COUNT] === 0) {
      MsgReply(rcvid, STATUS_UNKNOWN_DAY, null, 0);
      return;
    }
    copySummary(this.#days, at, this.#reply.words, 0);
    MsgReply(rcvid, 0, this.#reply.bytes, MESSAGE_BYTES);
  }

  #tellTotals(rcvid: number): void {
    const { words, bytes } = this.#reply;
    words[TOTAL_DAYS] = this.#totals[TOTAL_DAYS]!;
    words[TOTAL_HOURS] = this.#totals[TOTAL_HOURS]!;
    MsgReply(rcvid, 0, bytes, MESSAGE_BYTES);
  }
}

/** Serves for ever. */
export function main(): void {
  const chid = name_attach(null, STORE, 0);
  if (chid < 0) throw new Error(`store: name_attach: ${chid}`);
  const store = new Store();
  const request = createMessage();
  const info = createMsgInfo();
  for (;;) {
    const rcvid = MsgReceive(chid, request.bytes, MESSAGE_BYTES, info);
    if (rcvid > 0) store.serve(rcvid, request, info);
  }
}
