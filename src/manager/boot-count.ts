/**
 * Counts the restarts of a board in a row, whoever caused them, and says which tasks are held when
 * restarting has not helped.
 *
 * Each boot leaves a mark in a memory that outlives the restart, and takes it back when the board
 * has run for a while. So a restart that nobody can announce (a stack overflow, C code that
 * crashes) is counted too: the next boot finds the mark. Who restarts the board on purpose writes
 * why, and who is to blame, over the mark.
 */
import type { BoardPolicy } from "./supervise/policy.js";

/** What outlives a restart: memory of the chip that a reset leaves alone, or flash. */
export interface BootMemory {
  /** What was written last; undefined for nothing, or after the power was off. */
  read(): string | undefined;
  /** Keeps up to RECORD_CHARS_MAX characters. */
  write(text: string): void;
  /** How often a boot may write: flash wears out. Infinity for memory that does not. */
  readonly writesMax: number;
}

/** The most that a record takes. */
export const RECORD_CHARS_MAX = 250;
/** A reason is a sentence. */
const REASON_CHARS_MAX = 160;

/** To blame for a restart: the board as a whole, since nobody knows better. */
export const UNKNOWN = "?";
/** Nobody is to be held for it: it was ordered, or the manager holds the task itself. */
export const NOBODY = "";

/** In place of names: all tasks that are not essential. */
const ALL = "*";
const NAMES = ",";
const FIELDS = "|";

/** What one boot leaves for the next. */
export interface BootRecord {
  /** Restarts in a row that there will have been at the next boot. */
  readonly count: number;
  /** Who is held already: names of tasks, or "*" for all that are not essential. */
  readonly held: readonly string[];
  /** To blame for the restart: a task's name, UNKNOWN or NOBODY. */
  readonly culprit: string;
  /** Why the board was restarted; "" when nobody could say. */
  readonly reason: string;
}

/** No restart in a row. */
const SETTLED: BootRecord = Object.freeze({
  count: 0,
  held: Object.freeze([]),
  culprit: NOBODY,
  reason: "",
});

/** In letters of one byte each: chips count bytes. */
function plain(text: string): string {
  let shown = "";
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    shown += code >= 32 && code < 127 ? text[i] : code < 32 ? " " : "?";
  }
  return shown;
}

/** A record as ASCII text of at most RECORD_CHARS_MAX characters. */
export function encodeRecord({ count, held, culprit, reason }: BootRecord): string {
  const shown = plain(reason.slice(0, REASON_CHARS_MAX));
  const text = [count, held.join(NAMES), culprit, shown].join(FIELDS);
  if (text.length <= RECORD_CHARS_MAX) return text;
  // More names than fit: then all of them.
  return [count, ALL, culprit, shown].join(FIELDS);
}

/** The record of a text; one without restarts for what is no record. */
export function decodeRecord(text: string | undefined): BootRecord {
  const parts = (text ?? "").split(FIELDS);
  const count = Number(parts[0]);
  if (parts.length < 4 || !Number.isSafeInteger(count) || count < 1) return SETTLED;
  const held = parts[1]!.split(NAMES).filter((name) => name !== "");
  return { count, held, culprit: parts[2]!, reason: parts.slice(3).join(FIELDS) };
}

/** Who is held at a boot that follows `before`, whose record names who was held until then. */
function heldAfter(before: BootRecord, rebootsMax: number): readonly string[] {
  const { count, held, culprit } = before;
  if (count < Math.max(1, rebootsMax) || culprit === NOBODY) return held;
  const name = culprit === UNKNOWN ? ALL : culprit;
  return held.includes(name) ? held : [...held, name];
}

/** What is known of a task: enough to hold it. */
interface Holdable {
  readonly name: string;
  readonly essential: boolean;
}

export class BootCount {
  readonly #memory: BootMemory;
  readonly #policy: BoardPolicy;
  /** What led to this boot. */
  #before: BootRecord = SETTLED;
  #held: readonly string[] = [];
  #writes = 0;
  #settled_ms = Infinity;

  constructor(memory: BootMemory, policy: BoardPolicy) {
    this.#memory = memory;
    this.#policy = policy;
  }

  /** The board boots at `now_ms`: reads what the last boot has left, and leaves a mark. */
  begin(now_ms: number): void {
    this.#before = decodeRecord(this.#memory.read());
    this.#held = heldAfter(this.#before, this.#policy.rebootsMax);
    this.#settled_ms = now_ms + this.#policy.settled_ms;
    this.#writes = 0;
    this.#write(this.#recordOf("", UNKNOWN));
  }

  /** Restarts in a row that led to this boot; 0 once it has run for a while. */
  get count(): number {
    return this.#before.count;
  }

  /** Why the board was restarted the last time; "" when it was not, or nobody could say. */
  get reason(): string {
    return this.#before.reason;
  }

  /** Which of these tasks are held, from the boot on. */
  namesHeld(tasks: readonly Holdable[]): readonly string[] {
    const held = this.#held;
    const isHeld = ({ name, essential }: Holdable): boolean =>
      held.includes(name) || (!essential && held.includes(ALL));
    return tasks.filter(isHeld).map(({ name }) => name);
  }

  /** Somebody has released this one of these tasks: it is not held at the next boot either. */
  release(name: string, tasks: readonly Holdable[]): void {
    const held = this.namesHeld(tasks);
    if (held.includes(name)) this.#held = held.filter((other) => other !== name);
  }

  /** Takes the mark back once the board has run for a while. For every tick; true when it did. */
  poll(now_ms: number): boolean {
    if (now_ms < this.#settled_ms) return false;
    this.#settle();
    this.#write("");
    return true;
  }

  /** When poll() has something to do; Infinity for never again. */
  nextDue(): number {
    return this.#settled_ms;
  }

  /** The board is about to restart at `now_ms`: keeps why, if it may still write. */
  keep(reason: string, culprit: string, now_ms: number): void {
    // One write for both: the record is that of the first restart in a row.
    if (now_ms >= this.#settled_ms) this.#settle();
    this.#write(this.#recordOf(reason, culprit));
  }

  /** What to keep if the board restarts from now on without this; "" for nothing. */
  recordIf(reason: string, culprit: string): string {
    return this.#writes < this.#memory.writesMax ? this.#recordOf(reason, culprit) : "";
  }

  #recordOf(reason: string, culprit: string): string {
    const count = this.#before.count + 1;
    return encodeRecord({ count, held: this.#held, culprit, reason });
  }

  #settle(): void {
    this.#settled_ms = Infinity;
    this.#before = SETTLED;
    this.#held = [];
  }

  #write(text: string): void {
    if (this.#writes >= this.#memory.writesMax) return;
    this.#writes++;
    this.#memory.write(text);
  }
}
