/**
 * The client of the board check: asks, compares every answer, and tells the main VM what it found.
 */
import {
  _NTO_TIMEOUT_REPLY,
  ENOENT,
  ETIMEDOUT,
  errnoName,
  ha_attach,
  ha_reopen,
  MsgSend,
  name_open,
  TimerTimeout,
  uptime,
  waitForName,
} from "reattach";
import {
  ANSWER,
  ANSWER_BYTES,
  ANSWER_LATE,
  BEGIN_KILLS,
  CHECK,
  ELAPSED_MS,
  FILL,
  FINDING_BYTES,
  FINDING_WORDS,
  KILLS,
  MAIN,
  MEMORY,
  MESSAGES,
  ORDER,
  QUESTION_BYTES,
  SENT,
  SERVER,
  THROW,
  THROWS,
  TIMEOUT,
  VALUE,
  WRONG,
} from "./protocol.js";

const TIMEOUT_MS = 50;
const LATE_MS = 200;
/** How long it waits for the successor of a server: longer than any restart. */
const LIMIT_MS = 60_000;

/** How much it does. */
export interface ClientArgs {
  readonly messages: number;
  /** How often the server throws. */
  readonly throws: number;
  /** How often it fills its memory: 0 in Moddable's simulators, whose tasks have no limit. */
  readonly fills: number;
  /** How long the server is killed again and again. */
  readonly killed_ms: number;
}

function open(name: string): number {
  let coid = name_open(name, 0);
  while (coid === -ENOENT) {
    waitForName(name, Infinity);
    coid = name_open(name, 0);
  }
  if (coid < 0) throw new Error(`client: name_open ${name}: ${errnoName(coid)}`);
  return coid;
}

class Client {
  readonly #question = new Int32Array(QUESTION_BYTES / 4);
  readonly #answer = new Int32Array(ANSWER_BYTES / 4);
  readonly #finding = new Int32Array(FINDING_WORDS);
  readonly #questionBytes = new Uint8Array(this.#question.buffer);
  readonly #answerBytes = new Uint8Array(this.#answer.buffer);
  readonly #findingBytes = new Uint8Array(this.#finding.buffer);
  readonly #main = open(MAIN);
  readonly #server = open(SERVER);
  #start = 0;

  constructor() {
    const recover = (lost: number): number => {
      while (waitForName(SERVER, LIMIT_MS) === 0) {
        if (ha_reopen(lost, SERVER, 0) === lost) return lost;
      }
      return -1;
    };
    ha_attach(this.#server, recover, null, 0);
  }

  /** Begins a check. */
  begin(check: number): void {
    this.#finding.fill(0);
    this.#finding[CHECK] = check;
    this.#start = uptime();
  }

  /** One question, which is to end with this status, and with the right answer if that is 0. */
  ask(order: number, value: number, expected: number): void {
    this.#question[ORDER] = order;
    this.#question[VALUE] = value;
    this.#answer[0] = 0;
    const sent = this.#questionBytes;
    const status = MsgSend(this.#server, sent, QUESTION_BYTES, this.#answerBytes, ANSWER_BYTES);
    this.#finding[SENT]! += 1;
    const isRight = status === expected && (status !== 0 || this.#answer[0] === value + 1);
    if (!isRight) this.#finding[WRONG]! += 1;
  }

  /** A server dies when it has answered, so the next question finds nobody and is sent again. */
  crash(order: number, times: number): void {
    for (let i = 0; i < times; i++) {
      this.ask(order, i, 0);
      this.ask(ANSWER, i, 0);
    }
  }

  /** How long this check has lasted. */
  get elapsed_ms(): number {
    return uptime() - this.#start;
  }

  /** Ends a check: the main VM gets what was found. */
  tell(): void {
    this.#finding[ELAPSED_MS] = this.elapsed_ms;
    const status = MsgSend(this.#main, this.#findingBytes, FINDING_BYTES, null, 0);
    if (status !== 0) throw new Error(`client: main does not listen: ${errnoName(status)}`);
  }
}

/** Goes through all checks of a client. */
export function main({ messages, throws, fills, killed_ms }: ClientArgs): void {
  const client = new Client();

  client.begin(MESSAGES);
  for (let i = 0; i < messages; i++) client.ask(ANSWER, i, 0);
  client.tell();

  client.begin(TIMEOUT);
  TimerTimeout(_NTO_TIMEOUT_REPLY, TIMEOUT_MS);
  client.ask(ANSWER_LATE, LATE_MS, -ETIMEDOUT);
  client.tell();

  client.begin(THROWS);
  client.crash(THROW, throws);
  client.tell();

  client.begin(MEMORY);
  client.crash(FILL, fills);
  client.tell();

  client.begin(BEGIN_KILLS);
  client.tell();
  client.begin(KILLS);
  for (let i = 0; client.elapsed_ms < killed_ms; i++) client.ask(ANSWER, i, 0);
  client.tell();
}
