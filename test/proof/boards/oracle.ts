/**
 * Knows each call, its answers and its effects, on all boards.
 */

export class Oracle {
  readonly problems: string[] = [];
  calls = 0;
  answers = 0;
  effects = 0;
  /** Repeats that a Ledger has answered. */
  again = 0;
  /** What was done for a call, and in which life of which bank. */
  readonly #done = new Map<string, Map<string, number>>();
  readonly #open = new Set<number>();

  problem(text: string): void {
    if (this.problems.length < 20) this.problems.push(text);
  }

  asked(id: number): void {
    if (this.#open.has(id)) this.problem(`client ${id} asks before it is answered`);
    this.#open.add(id);
    this.calls++;
  }

  /** A bank has committed an effect: not twice in one life of its board. */
  effect(bank: string, id: number, number: number): void {
    this.effects++;
    const call = `${id} ${number}`;
    const banks = this.#done.get(call) ?? new Map<string, number>();
    this.#done.set(call, banks);
    const times = (banks.get(bank) ?? 0) + 1;
    banks.set(bank, times);
    if (times > 1) this.problem(`repeated: call ${call} has ${times} effects on ${bank}`);
  }

  answered(id: number, number: number, status: number, reply: Uint32Array): void {
    this.#open.delete(id);
    this.answers++;
    const call = `${id} ${number}`;
    if (status !== 5) return this.problem(`lost: call ${call} ends with ${status}`);
    if (reply[0] !== id || reply[1] !== number) {
      this.problem(`wrong: call ${call} has the answer of ${reply[0]} ${reply[1]}`);
    }
    if (!this.#done.has(call)) this.problem(`lost: call ${call} has an answer and no effect`);
    this.#done.delete(`${id} ${number - 1}`);
  }

  /** A client is gone, and so is what it waited for. */
  forget(id: number): void {
    this.#open.delete(id);
  }

  get open(): number {
    return this.#open.size;
  }
}
