/**
 * Schedules as short strings, for people to copy and to read. They name the points at which
 * something else happened than that the running thread went on:
 *
 *     b12>a     before the 12th operation of the second thread the first goes on
 *     b12!      the second thread is killed there
 *     b12~c     the third wakes for nothing
 *     b12+      the clock jumps
 *
 * Operations are counted whether or not another thread could notice them, so a schedule depends
 * neither on what a search has learned nor on its bounds. "@" is nobody: nothing has run yet.
 */

/** One decision that was not the first choice. */
export interface Turn {
  /** Index of the thread that ran last; -1 for none yet. */
  readonly thread: number;
  /** How many operations it had come to. */
  readonly operations: number;
  /** ">a", "!", "~c" or "+"; "" when time has to pass. */
  readonly way: string;
}

const FIRST_LETTER = "a".charCodeAt(0);
const NOBODY = "@";
const STRAIGHT = "straight";

/** A thread's letter. */
export function letterOf(thread: number): string {
  return thread < 0 ? NOBODY : String.fromCharCode(FIRST_LETTER + thread);
}

export function encodeSchedule(turns: readonly Turn[]): string {
  if (turns.length === 0) return STRAIGHT;
  return turns
    .map(({ thread, operations, way }) => `${letterOf(thread)}${operations}${way}`)
    .join(".");
}

/** The turns of a schedule; throws when the text is not one. */
export function decodeSchedule(text: string): Turn[] {
  if (text === STRAIGHT) return [];
  return text.split(".").map((turn) => {
    const match = /^([a-z@])(\d+)(>[a-z]|!|~[a-z]|\+)$/.exec(turn);
    if (match === null) {
      throw new Error(`schedule: found "${turn}", allowed are b12>a, b12!, b12~c and b12+`);
    }
    const thread = match[1] === NOBODY ? -1 : match[1]!.charCodeAt(0) - FIRST_LETTER;
    return { thread, operations: Number(match[2]), way: match[3]! };
  });
}
