/**
 * The client of the board check: asks, compares every answer, and tells the main VM what it found.
 */
import {
  _NTO_TIMEOUT_REPLY,
  EOK,
  ETIMEDOUT,
  errnoName,
  restartRecovery,
  TimerTimeout,
  uptime,
} from "reattach";
import { open } from "reattach/service";
import {
  Adder,
  FILL,
  Findings,
  KILLS,
  MEMORY,
  MESSAGES,
  NOT,
  THROW,
  THROWS,
  TIMEOUT,
} from "./services.js";

const TIMEOUT_MS = 50;
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

class Client {
  readonly #findings = open(Findings);
  readonly #adder = open(Adder, {
    timeout_ms: LIMIT_MS,
    recovery: restartRecovery(Adder.name, { limit_ms: LIMIT_MS }),
  });
  /** What is found is counted where it will be sent from. */
  readonly #finding = this.#findings.tell.request;
  #start = 0;

  /** Begins a check. */
  begin(check: number): void {
    this.#finding.check = check;
    this.#finding.sent = 0;
    this.#finding.wrong = 0;
    this.#start = uptime();
  }

  /** A question whose answer has to be right. */
  ask(value: number): void {
    const { add } = this.#adder;
    add.request.value = value;
    const status = add.send();
    this.#count(status === EOK && add.reply.sum === value + 1);
  }

  /** A question whose answer comes too late; and one more, whose answer is its own. */
  askTooLate(): void {
    TimerTimeout(_NTO_TIMEOUT_REPLY, TIMEOUT_MS);
    this.#count(this.#adder.late.send() === -ETIMEDOUT);
    this.ask(0);
  }

  /** A server dies when it has answered, so the next question finds nobody and is sent again. */
  crash(end: typeof THROW | typeof FILL, times: number): void {
    const { request } = this.#adder.add;
    for (let i = 0; i < times; i++) {
      request.end = end;
      this.ask(i);
      request.end = NOT;
      this.ask(i);
    }
  }

  /** How long this check has lasted. */
  get elapsed_ms(): number {
    return uptime() - this.#start;
  }

  /** Ends a check: the main VM gets what was found. */
  tell(): void {
    this.#finding.elapsed_ms = this.elapsed_ms;
    this.#send(this.#findings.tell);
  }

  /** The main VM kills the server from now on, until KILLS is told. */
  beginKills(): void {
    this.#send(this.#findings.beginKills);
  }

  #count(isRight: boolean): void {
    this.#finding.sent++;
    if (!isRight) this.#finding.wrong++;
  }

  #send(call: { send(): number }): void {
    const status = call.send();
    if (status !== EOK) throw new Error(`client: main does not listen: ${errnoName(status)}`);
  }
}

/** Goes through all checks of a client. */
export function main({ messages, throws, fills, killed_ms }: ClientArgs): void {
  const client = new Client();

  client.begin(MESSAGES);
  for (let i = 0; i < messages; i++) client.ask(i);
  client.tell();

  client.begin(TIMEOUT);
  client.askTooLate();
  client.tell();

  client.begin(THROWS);
  client.crash(THROW, throws);
  client.tell();

  client.begin(MEMORY);
  client.crash(FILL, fills);
  client.tell();

  client.beginKills();
  client.begin(KILLS);
  for (let i = 0; client.elapsed_ms < killed_ms; i++) client.ask(i);
  client.tell();
}
