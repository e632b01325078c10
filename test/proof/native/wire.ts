/**
 * The harness as a process, and what goes through its pipes: whole words, in the order of the
 * structures of harness.c. One call at a time, so reading and writing wait.
 */
import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const NATIVE = join(import.meta.dirname, "../../../hosts/moddable/native");
/** An error of memory, or an operation without a meaning, ends the harness. */
const SANITIZERS = ["-fsanitize=address,undefined", "-fno-sanitize-recover=all"];
const FLAGS = ["-O1", "-g", "-Wall", "-Wextra", "-Werror", "-Wno-unused-function"];

/** Bytes of the message that both sides work on. */
export const BYTES = 64;
const INFO_FIELDS = 14;
const HEAD_WORDS = 6 + 2 * INFO_FIELDS;
const TRACED_WORDS = 3;

/** What a call did. */
export const RETURNED = 0;
/** It would wait for ever: the script is at its end. */
export const NEVER = 1;
/** It has thrown STOPPED. */
export const STOPPED = 2;

/** A write that somebody else makes: address and value. */
export type Write = readonly [at: number, value: number];

/** What others do while the call waits; then the wait is over, or its time is. */
export interface Step {
  readonly isOver: boolean;
  readonly writes: readonly Write[];
}

/** One call. */
export interface Request {
  /** 0 send, 1 MsgReceive, 2 MsgReply, 3 MsgError. */
  readonly op: number;
  /** The arena, when the harness does not have it; null: as it is after the last call. */
  readonly arena: Int32Array | null;
  readonly words: number;
  readonly writes: readonly Write[];
  readonly steps: readonly Step[];
  /** What others do just before an operation, counted from 0; -1 for none. */
  readonly interruptAt: number;
  readonly interrupt: readonly Write[];
  readonly coids: Uint16Array;
  readonly ticks: number;
  /** The clock of a trace: up to 2^53. */
  readonly now_us: number;
  /** Address of the own ring; 0 for none. */
  readonly ringAt: number;
  /** Has the n-th notify woken somebody? A bit each. */
  readonly notifies: number;
  readonly spinMax: number;
  readonly armed: number;
  readonly pid: number;
  /** A coid, a chid or an rcvid. */
  readonly id: number;
  /** A status or an errno. */
  readonly number: number;
  readonly count: number;
  readonly room: number;
  readonly hasInfo: boolean;
  readonly message: Uint8Array;
}

/** What it did. */
export interface Answer {
  readonly outcome: number;
  readonly value: number;
  readonly stepsPlayed: number;
  readonly notified: number;
  readonly info: readonly number[];
  /** Kind, address and digest of each operation. */
  readonly trace: Int32Array;
  readonly words: Int32Array;
  readonly message: Uint8Array;
}

function wideOf(words: Int32Array, at: number): number {
  return words[at + 1]! * 2 ** 32 + (words[at]! >>> 0);
}

function flatten({ writes, interrupt, steps }: Request): number[] {
  const flat = [writes.length];
  for (const [at, value] of writes) flat.push(at, value);
  flat.push(interrupt.length);
  for (const [at, value] of interrupt) flat.push(at, value);
  for (const step of steps) {
    flat.push(step.isOver ? 1 : 0, step.writes.length);
    for (const [at, value] of step.writes) flat.push(at, value);
  }
  return flat;
}

/** Why it cannot be built here, or "". */
export function missing(): string {
  const { error } = spawnSync("cc", ["--version"], { stdio: "ignore" });
  return error === undefined ? "" : "cc is not installed";
}

export class Harness {
  readonly #folder = mkdtempSync(join(tmpdir(), "reattach-native-"));
  readonly #child: ChildProcess;
  readonly #in: number;
  readonly #out: number;

  /** `native`: the folder whose headers it is built from. */
  constructor(native = NATIVE, isTraced = false) {
    const program = join(this.#folder, "harness");
    const source = join(import.meta.dirname, "harness.c");
    const tracing = isTraced ? ["-DREATTACH_TRACING"] : [];
    execFileSync("cc", [...FLAGS, ...tracing, ...SANITIZERS, `-I${native}`, source, "-o", program]);
    const [into, outOf] = [join(this.#folder, "in"), join(this.#folder, "out")];
    execFileSync("mkfifo", [into, outOf]);
    const command = 'exec "$0" <"$1" >"$2"';
    this.#child = spawn("sh", ["-c", command, program, into, outOf], {
      stdio: ["ignore", "ignore", "inherit"],
    });
    this.#in = openSync(into, "w");
    this.#out = openSync(outOf, "r");
  }

  call(request: Request): Answer {
    this.#write(request);
    const all = this.#read((HEAD_WORDS + request.words) * 4 + BYTES);
    const head = new Int32Array(all, 0, HEAD_WORDS);
    const [outcome = 0, , , stepsPlayed = 0, notified = 0, traced = 0] = head;
    return {
      outcome,
      value: wideOf(head, 1),
      stepsPlayed,
      notified,
      info: Array.from({ length: INFO_FIELDS }, (_, i) => wideOf(head, 6 + 2 * i)),
      trace: new Int32Array(this.#read(traced * TRACED_WORDS * 4)),
      words: new Int32Array(all, HEAD_WORDS * 4, request.words),
      message: new Uint8Array(all, (HEAD_WORDS + request.words) * 4, BYTES),
    };
  }

  close(): void {
    closeSync(this.#in);
    closeSync(this.#out);
    this.#child.kill();
    rmSync(this.#folder, { recursive: true });
  }

  #write(request: Request): void {
    const { arena, coids, id, message } = request;
    const flat = flatten(request);
    const { op, words, steps, ticks, notifies, spinMax, armed, pid, number, count, room } = request;
    const head = [op, arena === null ? 0 : 1, words, flat.length, steps.length, coids.length];
    head.push(ticks, notifies, spinMax, armed, pid, id | 0, Math.floor(id / 2 ** 32), number);
    head.push(count, room, request.hasInfo ? 1 : 0, request.interruptAt);
    const { now_us, ringAt } = request;
    head.push(now_us | 0, Math.floor(now_us / 2 ** 32), ringAt);
    const parts = [Buffer.from(Int32Array.from(head).buffer)];
    if (arena !== null) parts.push(Buffer.from(arena.slice().buffer));
    parts.push(Buffer.from(coids.slice().buffer), Buffer.from(message));
    parts.push(Buffer.from(Int32Array.from(flat).buffer));
    const all = Buffer.concat(parts);
    for (let at = 0; at < all.length;) at += writeSync(this.#in, all, at);
  }

  #read(bytes: number): ArrayBuffer {
    const buffer = new Uint8Array(bytes);
    for (let at = 0; at < bytes;) {
      const some = readSync(this.#out, buffer, at, bytes - at, null);
      if (some === 0) throw new Error("the harness has ended: what it wrote to stderr says why");
      at += some;
    }
    return buffer.buffer;
  }
}
