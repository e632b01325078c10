/**
 * What is not a hostile task's: the records of the honest, word by word, but those that every task
 * may write in others (doorbells, notices, pending bits, raised priorities).
 */
import { channelAt } from "../../../src/arena/address.js";
import { layoutIn } from "../../../src/arena/arena.js";
import * as L from "../../../src/arena/layout.js";
import type { Vm } from "../../../src/arena/vm.js";
import { as } from "../../unit/kernel/vms.js";

/** Of a task record: by whoever rings it or queues for it. */
const OPEN_TASK: readonly number[] = [
  L.TASK_BELL,
  L.TASK_PRIORITY,
  L.TASK_RENOTIFIES,
  L.TASK_WOKEN,
];
/** Of a channel record, from the bitmap on as well: by whoever sends. */
const OPEN_CHANNEL: readonly number[] = [L.CHANNEL_TICKET, L.CHANNEL_NOTICE];

export class Protected {
  readonly #words: Int32Array;
  readonly #at: Int32Array;
  readonly #copy: Int32Array;

  /** Watches the records that these VMs have now. */
  constructor(vms: readonly Vm[]) {
    this.#words = vms[0]!.words;
    const at: number[] = [];
    for (const vm of vms) this.#addTask(vm, at);
    const pids = new Set(vms.map(({ pid }) => pid));
    const own = (word: number): boolean => pids.has(this.#words[word]!);
    as(vms[0]!, () => this.#addTables(own, at));
    this.#at = Int32Array.from(at);
    this.#copy = new Int32Array(at.length);
    this.note();
  }

  #addTask(vm: Vm, at: number[]): void {
    for (let field = 0; field < L.TASK_WORDS; field++) {
      if (!OPEN_TASK.includes(field)) at.push(vm.me + field);
    }
    const { limits, bufferStride, stableAt } = layoutIn(vm.words);
    const buffer = vm.sendAtByte / L.WORD_BYTES;
    this.#addRange(buffer, (2 * bufferStride) / L.WORD_BYTES, at);
    const index = (vm.me - L.TASKS_AT) >> L.TASK_SHIFT;
    const stable = L.STABLE_WORDS + (2 * limits.stableBytes) / L.WORD_BYTES;
    if (index > 0) this.#addRange(stableAt + (index - 1) * stable, stable, at);
  }

  #addTables(own: (word: number) => boolean, at: number[]): void {
    const layout = layoutIn(this.#words);
    const { limits, connectionsAt, namesAt, sharedOwnersAt, sharedAtByte, sharedStride } = layout;
    for (let i = 0; i <= limits.channels; i++) {
      const channel = channelAt(i);
      if (!own(channel + L.CHANNEL_OWNER)) continue;
      for (let field = 0; field < L.CHANNEL_PENDING; field++) {
        if (!OPEN_CHANNEL.includes(field)) at.push(channel + field);
      }
    }
    for (let i = 0; i < limits.connections; i++) {
      const entry = connectionsAt + i * L.CONNECTION_WORDS;
      if (own(entry + L.CONNECTION_OWNER)) this.#addRange(entry, L.CONNECTION_WORDS, at);
    }
    for (let i = 0; i < limits.names; i++) {
      const record = namesAt + i * L.NAME_WORDS;
      if (own(record + L.NAME_OWNER)) this.#addRange(record, L.NAME_WORDS, at);
    }
    for (let i = 0; i < limits.sharedBuffers; i++) {
      if (!own(sharedOwnersAt + i)) continue;
      at.push(sharedOwnersAt + i);
      const first = (sharedAtByte + i * sharedStride) / L.WORD_BYTES;
      this.#addRange(first, sharedStride / L.WORD_BYTES, at);
    }
    // All of the header but what main counts.
    at.push(L.HEAD_MAGIC);
    this.#addRange(L.HEAD_BYTES, L.HEAD_TRACE - L.HEAD_BYTES, at);
    this.#addRange(L.HEAD_BOOT_MS, L.HEAD_WORDS - L.HEAD_BOOT_MS, at);
  }

  #addRange(start: number, count: number, at: number[]): void {
    for (let i = 0; i < count; i++) at.push(start + i);
  }

  /** They are right as they are now: the honest have acted. */
  note(): void {
    for (let i = 0; i < this.#at.length; i++) this.#copy[i] = this.#words[this.#at[i]!]!;
  }

  /** Throws when a word has changed since. */
  check(): void {
    for (let i = 0; i < this.#at.length; i++) {
      const at = this.#at[i]!;
      const now = this.#words[at]!;
      if (now === this.#copy[i]) continue;
      throw new Error(`word ${at} of the honest has changed from ${this.#copy[i]} to ${now}`);
    }
  }
}
