/**
 * Watches that the manager keeps to the restart policies, from what it does: counts deaths and
 * starts by the rules of docs/manager.md, and complains when a start comes too soon, when there are
 * more restarts than a policy bears, and when an escalation is missing or unasked for.
 */
import type { RestartPolicy } from "../../../src/manager/supervise/policy.js";
import type { TaskSpec } from "../../../src/manager/supervise/task-spec.js";
import type { Clock } from "./clock.js";
import type { Journal } from "./journal.js";

/** What is known of one task. */
class Record {
  launched_ms = -Infinity;
  /** When it was restarted, as far as the current step counts. */
  restarts_ms: number[] = [];
  level = 0;
  /** Deaths in a row. */
  row = 0;
  isRestarted = false;
  /** It waits to be restarted with others, which start when it does. */
  isGathering = false;
  /** It is not to be started before this, by itself. */
  earliest_ms = -Infinity;
}

export class PolicyWatch {
  restarts = 0;
  escalations = 0;
  readonly #clock: Clock;
  readonly #journal: Journal;
  readonly #records = new Map<string, Record>();
  /** A task that must be announced to take the next step, in what the manager does now. */
  #expected = "";
  /** The board's restart is announced: until it comes, deaths are decided by nobody. */
  #isBoardNext = false;

  constructor(clock: Clock, journal: Journal) {
    this.#clock = clock;
    this.#journal = journal;
  }

  /** A new board. */
  begin(names: readonly string[]): void {
    this.#isBoardNext = false;
    for (const name of names) this.forget(name);
  }

  /** A new board, or somebody has ordered a start: nothing is remembered. */
  forget(name: string): void {
    const record = this.#recordOf(name);
    record.restarts_ms = [];
    record.level = 0;
    record.row = 0;
    record.earliest_ms = -Infinity;
    record.isGathering = false;
  }

  /** Somebody has ordered a restart: should it die on its way out, its policy is not asked. */
  restarted(name: string): void {
    this.forget(name);
    this.#recordOf(name).isRestarted = true;
  }

  /** The manager starts a task. */
  launched({ name }: TaskSpec): void {
    const record = this.#recordOf(name);
    record.isRestarted = false;
    const now = this.#clock.now_ms;
    this.#join(record);
    // A hair: the manager adds the same numbers up in another order.
    if (now < record.earliest_ms - 1e-6) {
      this.#journal.problem(`${name} is started ${record.earliest_ms - now} ms too soon`);
    }
    record.earliest_ms = -Infinity;
    record.launched_ms = now;
  }

  /** A task has died, and its policy is to decide. */
  died({ name, restart }: TaskSpec): void {
    const record = this.#recordOf(name);
    if (record.isRestarted || this.#isBoardNext) return;
    const now = this.#clock.now_ms;
    const { settled_ms, period_ms } = restart;
    const ran_ms = now - record.launched_ms;
    record.row = ran_ms >= settled_ms ? 1 : record.row + 1;
    if (ran_ms >= Math.max(settled_ms, period_ms)) record.level = 0;
    this.restarts++;
    const recent = record.restarts_ms.filter((at_ms) => now - at_ms < restart.period_ms);
    const isLadderLeft = record.level < restart.escalate.length;
    if (recent.length >= restart.intensity && isLadderLeft) {
      this.#expected = name;
      this.escalations++;
      record.level++;
      record.restarts_ms = [now];
    } else {
      record.restarts_ms = [...recent, now];
      if (isLadderLeft && record.restarts_ms.length > restart.intensity) {
        this.#journal.problem(`${name}: ${record.restarts_ms.length} restarts are borne`);
      }
    }
    const pause_ms = pauseOf(restart, record.row) * (1 - restart.jitter);
    record.earliest_ms = Math.max(now + pause_ms, record.launched_ms + restart.minRun_ms);
    const step = restart.escalate[record.level - 1];
    record.isGathering = step === "rest_for_one" || step === "one_for_all";
  }

  /** Who is restarted with others starts when they do, whatever his own time was. */
  #join(launched: Record): void {
    const all = [...this.#records.values()];
    if (all.some(({ isGathering }) => isGathering)) launched.earliest_ms = -Infinity;
    if (!launched.isGathering) return;
    launched.isGathering = false;
    for (const other of all) other.earliest_ms = -Infinity;
  }

  /** The manager says something. */
  logged(text: string): void {
    // It has restarted too often: the step is announced, and the task is held in place of it.
    if (text.includes("restarts of the board in a row")) this.#isBoardNext = false;
    if (!text.includes("next step:")) return;
    if (text.endsWith("next step: board")) this.#isBoardNext = true;
    if (this.#expected !== "" && text.startsWith(`${this.#expected}:`)) this.#expected = "";
    else this.#journal.problem(`nobody has died often enough: ${text}`);
  }

  /** The manager has done what it does about a death. */
  settled(): void {
    if (this.#expected === "") return;
    this.#journal.problem(`${this.#expected} is due for the next step, and does not take it`);
    this.#expected = "";
  }

  #recordOf(name: string): Record {
    let record = this.#records.get(name);
    if (record === undefined) {
      record = new Record();
      this.#records.set(name, record);
    }
    return record;
  }
}

function pauseOf({ backoff_ms, backoffMax_ms }: RestartPolicy, row: number): number {
  if (row < 2) return 0;
  return Math.min(backoff_ms * 2 ** (row - 2), backoffMax_ms);
}
