/**
 * The driver of the valve, which must not open twice for one watering, wherever it dies.
 *
 * A ledger alone cannot know whether the valve has opened when the driver died at just that moment;
 * the hardware does. A flip-flop on the board is set when the valve opens. So for each watering:
 *
 *   1. clear the flip-flop
 *   2. commit the intent to do this watering
 *   3. open the valve, unless the flip-flop says that it was opened
 *   4. commit that it is done, with the reply
 *
 * A driver that finds an intent goes on with 3. One that dies before 2 has done nothing; after it,
 * the flip-flop tells. The valve closes with the death: its resistor pulls it down.
 */
import Digital from "embedded:io/digital";
import {
  createMsgInfo,
  delay,
  EINVAL,
  Ledger,
  type MessageInfo,
  MsgError,
  MsgReceive,
  MsgReply,
  name_attach,
} from "reattach";
import {
  ANSWER_BYTES,
  CLEAR_PIN,
  COUNT,
  createMessage,
  type Message,
  MESSAGE_BYTES,
  OPENED_PIN,
  VALVE,
  VALVE_PIN,
  WATER,
} from "./protocol.js";

/** The state in the ledger, in words: the last watering that was done, and the one intended. */
const DONE = 0;
const INTENT = 1;
const STATE_WORDS = 2;
/** One client asks for water. */
const LEDGER = Object.freeze({ stateBytes: 4 * STATE_WORDS, clients: 1 });

class Valve {
  readonly #valve = new Digital({ pin: VALVE_PIN, mode: Digital.Output });
  readonly #opened = new Digital({ pin: OPENED_PIN, mode: Digital.Input });
  readonly #clear = new Digital({ pin: CLEAR_PIN, mode: Digital.Output });
  readonly #ledger = new Ledger(LEDGER);
  readonly #state = new Int32Array(this.#ledger.state.buffer, 0, STATE_WORDS);
  readonly #open_ms: number;

  constructor(open_ms: number) {
    this.#open_ms = open_ms;
  }

  /** The last watering that was done. */
  get count(): number {
    return this.#state[DONE]!;
  }

  /** Waters once for each number; numbers follow each other. */
  water(rcvid: number, number: number, info: MessageInfo): void {
    if (this.#ledger.answers(rcvid, info)) return;
    // It was done, and the client died before it heard of it.
    if (number === this.count) return void MsgReply(rcvid, 0, null, 0);
    if (number !== this.count + 1) return void MsgError(rcvid, EINVAL);
    if (this.#state[INTENT] !== number) {
      this.#clear.write(1);
      this.#clear.write(0);
      this.#state[INTENT] = number;
      this.#ledger.commit();
    }
    if (this.#opened.read() === 0) this.#open();
    this.#state[DONE] = number;
    this.#ledger.reply(rcvid, info, 0, null, 0);
  }

  #open(): void {
    this.#valve.write(1);
    delay(this.#open_ms);
    this.#valve.write(0);
  }
}

function serve(valve: Valve, rcvid: number, question: Message, answer: Message, info: MessageInfo) {
  const [type, number = 0] = question.words;
  if (type === WATER) {
    valve.water(rcvid, number, info);
  } else if (type === COUNT) {
    answer.words[0] = valve.count;
    MsgReply(rcvid, 0, answer.bytes, ANSWER_BYTES);
  } else {
    MsgError(rcvid, EINVAL);
  }
}

/** Serves for ever. `open_ms`: how long a watering takes. */
export function main({ open_ms }: { open_ms: number }): void {
  const valve = new Valve(open_ms);
  const chid = name_attach(null, VALVE, 0);
  if (chid < 0) throw new Error(`valve: name_attach: ${chid}`);
  const question = createMessage();
  const answer = createMessage();
  const info = createMsgInfo();
  for (;;) {
    const rcvid = MsgReceive(chid, question.bytes, MESSAGE_BYTES, info);
    if (rcvid > 0) serve(valve, rcvid, question, answer, info);
  }
}
