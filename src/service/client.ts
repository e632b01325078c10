/**
 * open: a service as its client sees it.
 */
import { type RecoveryFunction, restartRecovery, systemLimits } from "../index.js";
import { type ClientConnection, Connection } from "./connection.js";
import type { CallSpec, Members, PulseSpec, Service } from "./define.js";
import type { Fields, Readable, Writable } from "./layout.js";
import { checkLimits } from "./limits.js";

/** How long open() waits. As long as a recovery does, unless told otherwise. */
const TIMEOUT_MS = 10_000;

/** How a service is opened. */
export interface OpenOptions {
  /**
   * The board whose service it is, or several: the first of them where it is there, and another one
   * when that is gone. Each must stand in the `imports` of the manifest. Default: this board.
   */
  readonly board?: string | readonly string[];
  /** How long to wait until it is there, in milliseconds; Infinity for any time. Default 10,000. */
  readonly timeout_ms?: number;
  /** What is done when its server dies: see ha_attach. Default: restartRecovery for its names. */
  readonly recovery?: RecoveryFunction;
}

/** A call: fill `request`, send, read `reply`. */
export interface ClientCall<Q extends Fields, P extends Fields> {
  /** Keeps what it holds from one send to the next. */
  readonly request: Writable<Q>;
  /** What came with the last answer that was no error. */
  readonly reply: Readable<P>;
  /**
   * MsgSend: the server's status, 0 or more; or a negative errno, as MsgSend or as the server
   * decides. -ENOSYS: the server is another version, or does not know this call. Without a
   * connection it waits as open() does, and may return what `connection.status` tells. Blocks;
   * TimerTimeout limits it. Allocates nothing.
   */
  send(): number;
  /**
   * send() for the main VM, which may not wait: `done(status)` is called later, with what send()
   * would return, and `reply` is what came. Calls are queued, each with its request as it is now;
   * the first asks for the server's version. Returns 0, or, and then `done` is not called, -EAGAIN
   * (nobody has registered the name yet, or 64 calls wait), or an error of sendAsync: -ENOSYS in a
   * task.
   */
  sendAsync(done: (status: number) => void): number;
  /** The same as a promise of the status, or of the error. Read `reply` before you wait again. */
  sendAsync(): Promise<number>;
}

/** A pulse of a client. */
export interface ClientPulse {
  /**
   * MsgSendPulse: sends a signed 32-bit number, with the task's priority. 0, or -EAGAIN (the
   * channel's pulses are full, or there is no connection yet), or an error of MsgSendPulse. Does
   * not block.
   */
  send(value: number): number;
}

/** A service as a client sees it: its calls and pulses, and the connection behind them. */
export type Client<M extends Members> = {
  readonly [N in keyof M]: M[N] extends CallSpec<infer Q, infer P>
    ? ClientCall<Q, P>
    : M[N] extends PulseSpec
      ? ClientPulse
      : never;
} & { readonly connection: ClientConnection };

/**
 * Connects to a service, and stays connected when its server is restarted.
 *
 * In a task it blocks until the service is there and has said that it is the same version: up to
 * `timeout_ms`, or as long as TimerTimeout allows, which this uses up. Nothing is thrown when that
 * fails; the log says why, and `connection.status` tells: -ETIMEDOUT, -EPROTO (another version: a
 * call or a pulse of this definition has other fields there, or is missing), or an error of
 * name_open. Each call then tries again before it is sent. On the main VM it does not block, and
 * the first sendAsync() connects: until then the status is -EAGAIN.
 *
 * Throws a RangeError when the service's messages are longer than limits.messageBytes, when
 * `timeout_ms` is no time, or when `board` is no name of a board.
 */
export function open<M extends Members>(service: Service<M>, options: OpenOptions = {}): Client<M> {
  checkLimits(service, systemLimits().messageBytes);
  const names = namesOf(service.name, options.board);
  const { timeout_ms = TIMEOUT_MS, recovery = restartRecovery(names) } = options;
  if (typeof timeout_ms !== "number" || !(timeout_ms >= 0)) {
    throw new RangeError(
      `open: found timeout_ms ${String(timeout_ms)}, allowed is a number from 0`,
    );
  }
  const connection = new Connection(service, names, timeout_ms, recovery);
  const client = { ...connection.createMembers(), connection };
  connection.connect();
  return client as unknown as Client<M>;
}

/** The names under which a service is found. */
function namesOf(service: string, boards: string | readonly string[] | undefined): string[] {
  if (boards === undefined) return [service];
  const list = Array.isArray(boards) ? (boards as readonly unknown[]) : [boards];
  for (const board of list) {
    if (typeof board === "string" && board.length > 0 && !board.includes("/")) continue;
    throw new RangeError(`open: found board ${String(board)}, allowed are names of boards`);
  }
  if (list.length === 0) throw new RangeError("open: found no board, allowed are names of boards");
  return list.map((board) => `/net/${String(board)}/${service}`);
}
