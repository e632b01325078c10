/**
 * A fault that strikes at a message: which one that is, as the threads of tasks know it, and what
 * is done when one of them stands still there.
 */
import { UsageError } from "../input-error.js";
import { AT_ANSWER, AT_MESSAGE } from "../trace/point-words.js";
import type { MessagePoint, MessagePoints } from "../trace/message-points.js";
import type { AtPoint } from "./text.js";

/**
 * `calls` are the first words of the requests of its task, by the names of the calls. null when
 * there is no such task, or call: a manifest may have changed since the fault was read.
 */
export function messagePoint(
  { task, point, call, number }: AtPoint,
  tasks: readonly { readonly name: string }[],
  calls: ReadonlyMap<string, number>,
): MessagePoint | null {
  const index = tasks.findIndex(({ name }) => name === task);
  const tag = call === null ? null : calls.get(call);
  if (index < 0 || tag === undefined) return null;
  // The main VM has the first place, and tasks those behind it, in their order.
  return { place: index + 1, at: point === "message" ? AT_MESSAGE : AT_ANSWER, tag, number };
}

/** One rule, and what makes it strike. */
export interface Rule {
  readonly fault: string;
  struck: number;
  /** The board is another one, or runs another manifest: what it counts there. */
  renew(): void;
  stop(): void;
}

/** Of MessagePoints, whichever build has made them. */
export type Points = Pick<MessagePoints, "set" | "move" | "suspend" | "clear">;

/** Strikes once, at a message. Throws a UsageError when there are too many. */
export class PointRule implements Rule {
  struck = 0;
  readonly fault: string;
  readonly #points: Points;
  readonly #find: () => MessagePoint | null;
  #number: number | null;

  /** `find` says which message it is; null when there is none such any more. */
  constructor(
    fault: string,
    points: Points,
    find: () => MessagePoint | null,
    strike: (pid: number) => boolean,
  ) {
    this.fault = fault;
    this.#points = points;
    this.#find = find;
    this.#number = points.set(find()!, (pid) => {
      this.stop();
      const hasStruck = strike(pid);
      if (hasStruck) this.struck++;
      return hasStruck;
    });
    if (this.#number >= 0) return;
    throw new UsageError(`--fault ${fault}: there are too many faults at messages`);
  }

  renew(): void {
    const point = this.#find();
    if (this.#number === null) return;
    if (point === null) this.stop();
    else this.#points.move(this.#number, point);
  }

  /** No message counts until renew(). */
  pause(): void {
    if (this.#number !== null) this.#points.suspend(this.#number);
  }

  stop(): void {
    if (this.#number !== null) this.#points.clear(this.#number);
    this.#number = null;
  }
}
