/**
 * The doorbells that the gateway listens to: those of its agents, and the main VM's, which is rung
 * when a name is registered. Main looks at them at its tick, since it may not wait. So nobody of
 * them is ever announced as asleep, and who rings notifies nobody.
 */
import { load } from "../../../src/arena/atomic.js";
import * as L from "../../../src/arena/layout.js";
import type { Agent, AgentListener } from "../../../src/net/agent.js";

/** Rung or not, it is looked at. */
const UNSEEN = NaN;

export class Doorbells implements AgentListener {
  readonly #words: Int32Array;
  /** Addresses of their words, and what stood there at the last look. */
  readonly #at: number[] = [L.TASKS_AT + L.TASK_BELL];
  readonly #seen: number[] = [UNSEEN];

  constructor(words: Int32Array) {
    this.#words = words;
  }

  claimed({ vm }: Agent): void {
    this.#at.push(vm.me + L.TASK_BELL);
    this.#seen.push(UNSEEN);
  }

  died({ vm }: Agent): void {
    const index = this.#at.indexOf(vm.me + L.TASK_BELL);
    this.#at.splice(index, 1);
    this.#seen.splice(index, 1);
  }

  /** Has one of them been rung since the last look? To be asked before looking for the cause. */
  look(): boolean {
    let isRung = false;
    for (let i = 0; i < this.#at.length; i++) {
      const rung = load(this.#words, this.#at[i]!);
      if (rung === this.#seen[i]) continue;
      this.#seen[i] = rung;
      isRung = true;
    }
    return isRung;
  }
}
