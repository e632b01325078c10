/**
 * The programs of the simulated tasks, as their real counterparts would be written, but that they
 * yield where those block. All they keep is gone when they are killed, but for the bank's ledger.
 */
import {
  _NTO_CHF_COID_DISCONNECT,
  _NTO_CHF_DISCONNECT,
  _NTO_CHF_UNBLOCK,
  _NTO_TIMEOUT_REPLY,
  _NTO_TIMEOUT_SEND,
  _PULSE_CODE_DISCONNECT,
  _PULSE_CODE_UNBLOCK,
  ChannelCreate,
  ConnectDetach,
  createMsgInfo,
  createPulse,
  Ledger,
  ledgerBytes,
  type LedgerOptions,
  MsgError,
  MsgReply,
  MsgSendPulse,
  name_attach,
  readPulse,
  restartRecovery,
  TimerTimeout,
} from "../../../src/index.js";
import {
  ANSWER,
  answerOf,
  BYTES,
  NUMBER,
  SENDER,
  VALUE,
  WORDS,
} from "../../load/stress/protocol.js";
import { open, receive, send, sleep } from "./calls.js";
import type { Oracle } from "./oracle.js";
import type { Program } from "./thread.js";

/** Of a reply of the bank: how many effects there have been. */
const COUNT = 4;
const SERVED: readonly string[] = ["echo", "sum", "relay", "bank"];
const CLIENTS = 3;
/** Longer than any task is away. */
const LIMIT_MS = 1e9;

/** The bank's state: how many effects, and the last message that had one. */
const LEDGER: LedgerOptions = { stateBytes: 8, replyBytes: BYTES, clients: CLIENTS };
export const STABLE_BYTES = ledgerBytes(LEDGER);

/** What programs know of the world around them. */
export interface Surroundings {
  readonly oracle: Oracle;
  random(): number;
  /** Reads what the bank has committed. */
  look(): void;
  /** The bank acts on repeats as on new messages: then the simulation must find it. */
  readonly isForgetful: boolean;
  /** How long until there is something to ask for; 0 for now. */
  pause(): number;
}

/** The program of a task of this name. */
export function programOf(name: string, around: Surroundings): Program {
  if (name.startsWith("client")) return ask(Number(name.slice(6)), around);
  if (name === "bank") return bank(around);
  if (name === "relay") return relay();
  return name === "sum" ? sum() : answer(name, name);
}

function attach(service: string): number {
  const chid = name_attach(null, service, 0);
  if (chid < 0) throw new Error(`${service}: name_attach: ${chid}`);
  return chid;
}

/** A channel that tells of clients that go or want to go. */
function attachWatchful(service: string): number {
  const flags = _NTO_CHF_DISCONNECT | _NTO_CHF_UNBLOCK | _NTO_CHF_COID_DISCONNECT;
  const chid = ChannelCreate(flags);
  const error = name_attach({ chid }, service, 0);
  if (error < 0) throw new Error(`${service}: name_attach: ${error}`);
  return chid;
}

const pulse = createPulse();

function obeyPulse(bytes: Uint8Array): void {
  readPulse(bytes, pulse);
  if (pulse.code === _PULSE_CODE_DISCONNECT) ConnectDetach(pulse.scoid);
  else if (pulse.code === _PULSE_CODE_UNBLOCK) MsgError(pulse.value, -1);
}

/** Answers at once. */
function* answer(service: string, salt: string): Program {
  const chid = attach(service);
  const words = new Int32Array(WORDS);
  const bytes = new Uint8Array(words.buffer);
  const info = createMsgInfo();
  for (;;) {
    const rcvid = yield* receive(chid, bytes, info);
    if (rcvid === 0) continue;
    words[ANSWER] = answerOf(salt, words[SENDER]!, words[NUMBER]!, words[VALUE]!);
    yield 0;
    MsgReply(rcvid, 0, bytes, BYTES);
    yield 0;
  }
}

/** Answers at once, and hears of its clients. */
function* sum(): Program {
  const chid = attachWatchful("sum");
  const words = new Int32Array(WORDS);
  const bytes = new Uint8Array(words.buffer);
  const info = createMsgInfo();
  for (;;) {
    const rcvid = yield* receive(chid, bytes, info);
    if (rcvid === 0) {
      obeyPulse(bytes);
      continue;
    }
    words[ANSWER] = answerOf("sum", words[SENDER]!, words[NUMBER]!, words[VALUE]!);
    MsgReply(rcvid, 0, bytes, BYTES);
    yield 0;
  }
}

/** Asks "sum" before it answers. */
function* relay(): Program {
  const chid = attach("relay");
  const coid = yield* open("sum", restartRecovery("sum", { limit_ms: LIMIT_MS }));
  const bytes = new Uint8Array(BYTES);
  const info = createMsgInfo();
  for (;;) {
    const rcvid = yield* receive(chid, bytes, info);
    if (rcvid === 0) continue;
    const status = yield* send(coid, bytes, bytes);
    if (status < 0) MsgError(rcvid, -status);
    else MsgReply(rcvid, 0, bytes, BYTES);
    yield 0;
  }
}

/** Counts each message once. */
function* bank({ oracle, isForgetful }: Surroundings): Program {
  const chid = attachWatchful("bank");
  const ledger = new Ledger(LEDGER);
  const state = new Int32Array(ledger.state.buffer, 0, 2);
  const words = new Int32Array(WORDS);
  const bytes = new Uint8Array(words.buffer);
  const info = createMsgInfo();
  for (;;) {
    const rcvid = yield* receive(chid, bytes, info);
    if (rcvid === 0) {
      obeyPulse(bytes);
      continue;
    }
    yield 0;
    if (!isForgetful && ledger.answers(rcvid, info)) {
      oracle.repeats++;
    } else {
      state[0]! += 1;
      state[1] = words[NUMBER]!;
      words[ANSWER] = answerOf("bank", words[SENDER]!, words[NUMBER]!, words[VALUE]!);
      words[COUNT] = state[0]!;
      ledger.reply(rcvid, info, 0, bytes, BYTES);
    }
    yield 0;
  }
}

/** Asks all services in turn, whenever there is something to ask for. */
function* ask(sender: number, around: Surroundings): Program {
  const { oracle, random } = around;
  const words = new Int32Array(WORDS);
  const reply = new Int32Array(WORDS);
  const bytes = new Uint8Array(words.buffer);
  const replyBytes = new Uint8Array(reply.buffer);
  const coids: number[] = [];
  for (const service of SERVED) {
    coids.push(yield* open(service, restartRecovery(service, { limit_ms: LIMIT_MS })));
  }
  for (;;) {
    const pause_ms = around.pause();
    if (pause_ms > 0) yield* sleep(pause_ms);
    const choice = Math.floor(random() * SERVED.length);
    const service = SERVED[choice]!;
    const coid = coids[choice]!;
    const isLimited = service !== "bank" && random() < 0.1;
    const message = oracle.begin(sender, service, (random() * 0x1_0000_0000) | 0, isLimited);
    words[SENDER] = sender;
    words[NUMBER] = message.uid;
    words[VALUE] = message.value;
    reply.fill(0);
    if (isLimited) TimerTimeout(_NTO_TIMEOUT_SEND | _NTO_TIMEOUT_REPLY, random() * 5);
    const status = yield* send(coid, bytes, replyBytes);
    around.look();
    oracle.end(message, status, reply[ANSWER]!, reply[COUNT]!);
    if (random() < 0.1) MsgSendPulse(coid, -1, 1, message.uid);
    yield 0;
  }
}
