/**
 * The other end of a control: one connection to a simulator, one request at a time, or a watch.
 */
import { connect, type Socket } from "node:net";
import { LineReader } from "./lines.js";
import { isProcessAlive, type Place, removeAddress } from "./place.js";
import type { Answer, Request, WatchMessage } from "../watch/protocol.js";

/** A simulator in a debugger, or one that computes in its main thread, does not answer. */
const ANSWER_MAX_MS = 10_000;

/** A connection to a simulator. */
export class ControlConnection {
  readonly #socket: Socket;
  // The answers come from the user's own simulator and are as long as its tasks are many.
  readonly #reader = new LineReader(Infinity);
  #settle: { resolve(answer: Answer): void; reject(error: Error): void } | undefined;
  #heard: (message: WatchMessage) => void = () => undefined;
  /** Why it has ended. */
  #end: Error | undefined;

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.setEncoding("utf8").on("data", (piece: string) => this.#hear(piece));
    socket.setTimeout(ANSWER_MAX_MS, () => {
      socket.destroy(new Error(`it has not answered for ${ANSWER_MAX_MS / 1000} s`));
    });
    socket.on("error", (error) => this.#lost(error));
    socket.on("close", () => this.#lost(new Error("it ended before it answered")));
  }

  /** Rejects when the simulator goes away, or does not answer for 10 s. */
  call(request: Request): Promise<Answer> {
    return new Promise((resolve, reject) => {
      if (this.#end !== undefined) {
        reject(this.#end);
        return;
      }
      this.#settle = { resolve, reject };
      this.#socket.write(`${JSON.stringify(request)}\n`);
    });
  }

  /**
   * Watches: `heard` is called with each message, from now until close(). Resolves when the
   * simulator has gone; rejects when it does not let us, or does not answer for 10 s.
   */
  async watch(frame_ms: number, heard: (message: WatchMessage) => void): Promise<void> {
    // From the answer on all that comes is a message, and may come with it.
    this.#heard = heard;
    const answer = await this.call({ call: "watch", frame_ms });
    if (!answer.ok) throw new Error(answer.error);
    if (frame_ms >= ANSWER_MAX_MS) this.#socket.setTimeout(2 * frame_ms);
    await new Promise<void>((resolve) => {
      if (this.#end !== undefined) resolve();
      else this.#socket.once("close", () => resolve());
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  #hear(piece: string): void {
    for (const line of this.#reader.push(piece)) {
      let answer: unknown;
      try {
        answer = JSON.parse(line!);
      } catch (error) {
        this.#socket.destroy(new Error("it answers in another language", { cause: error }));
        return;
      }
      const settle = this.#settle;
      this.#settle = undefined;
      if (settle === undefined) this.#heard(answer as WatchMessage);
      else settle.resolve(answer as Answer);
    }
  }

  #lost(error: Error): void {
    this.#end ??= error;
    this.#settle?.reject(this.#end);
    this.#settle = undefined;
  }
}

function connectTo(address: string): Promise<ControlConnection | undefined> {
  return new Promise((resolve, reject) => {
    const socket = connect(address);
    const failed = (error: NodeJS.ErrnoException): void => {
      if (error.code === "ECONNREFUSED" || error.code === "ENOENT") resolve(undefined);
      else reject(error);
    };
    socket.once("error", failed);
    socket.once("connect", () => {
      socket.off("error", failed);
      resolve(new ControlConnection(socket));
    });
  });
}

/**
 * Connects to the simulator with this pid; undefined when nobody listens. Then a socket that a dead
 * process has left is removed. One of a living process is left alone: it may be about to listen.
 */
export async function connectControl(
  place: Place,
  pid: number,
): Promise<ControlConnection | undefined> {
  const address = place.addressOf(pid);
  const connection = await connectTo(address);
  // Dead is not enough: in another container the same pid may be another process.
  if (connection === undefined && !isProcessAlive(pid)) removeAddress(address);
  return connection;
}
