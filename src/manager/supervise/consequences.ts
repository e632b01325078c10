/**
 * What follows decisions, in this order: what is to be remembered, at once; what the host is to do;
 * what listeners are told; and last of all the restart of the board.
 *
 * Whatever is called from here may decide more, which is added at the end. So a listener is never
 * called from inside the host, nor the host from inside a listener.
 */
import type { TaskHost } from "../task-host.js";
import * as E from "./effects.js";
import type { ManagedTask } from "./managed-task.js";
import type { SupervisorEvents, TaskDeath } from "./supervisor-events.js";

/**
 * A VM that stands by is made when a task has run for so long: its start takes the processor from
 * the task, whose clients wait.
 */
const SPARE_DELAY_MS = 100;

export class Consequences {
  readonly #host: TaskHost;
  readonly #events: SupervisorEvents;
  readonly #commands: (() => void)[] = [];
  readonly #news: (() => void)[] = [];
  #last: (() => void) | null = null;
  #isFlushing = false;

  constructor(host: TaskHost, events: SupervisorEvents) {
    this.#host = host;
    this.#events = events;
  }

  /** Remembers what is to be remembered, and keeps the rest of an effect for flush(). */
  keep(task: ManagedTask, effect: E.Effect): void {
    const { place, spec } = task;
    switch (effect.does) {
      case E.FORGET:
        return task.forget();
      case E.RENEW:
        return task.renew();
      case E.FOLLOW:
        return this.#follow(task, effect.verdict);
      case E.LAUNCH:
        task.launched(this.#host.now());
        return this.command(() => this.#host.launch(place, spec));
      case E.LEAVE:
        return this.command(() => this.#host.leave(place));
      case E.END:
        return this.command(() => this.#host.kill(place));
      default:
        this.#announce(task, effect);
    }
  }

  /** Is it acting or telling now? */
  get isFlushing(): boolean {
    return this.#isFlushing;
  }

  /** Something for the host to do. */
  command(act: () => void): void {
    this.#commands.push(act);
  }

  /** Something to tell listeners. */
  pushNews(news: (events: SupervisorEvents) => void): void {
    this.#news.push(() => news(this.#events));
  }

  /** A line in the log, with the news: what writes it may be a listener. */
  log(text: string): void {
    this.#news.push(() => this.#host.log(text));
  }

  /** Drops what the host was to do. */
  dropCommands(): void {
    this.#commands.length = 0;
  }

  /** Does what waits. Called from inside itself, it leaves all to the outer call. */
  flush(): void {
    // Before `try`, which costs XS memory: nearly always nothing waits.
    const waits = this.#commands.length > 0 || this.#news.length > 0 || this.#last !== null;
    if (!waits || this.#isFlushing) return;
    this.#isFlushing = true;
    try {
      while (this.#doNext());
    } finally {
      this.#isFlushing = false;
    }
  }

  #doNext(): boolean {
    const command = this.#commands.shift();
    if (command !== undefined) {
      command();
      return true;
    }
    const news = this.#news.shift();
    if (news !== undefined) {
      this.#inform(news);
      return true;
    }
    const last = this.#last;
    this.#last = null;
    last?.();
    return false;
  }

  /** A listener that throws changes nothing. */
  #inform(news: () => void): void {
    try {
      news();
    } catch (error) {
      this.#host.report(error);
    }
  }

  #follow(task: ManagedTask, { history, step, notes, why }: E.Verdict): void {
    task.history = history;
    task.step = step;
    for (const note of notes) this.log(note);
    if (step !== "board") return;
    const reason = `task ${task.name} keeps dying, the last time of ${why}`;
    this.#last = () => this.#host.reboot(reason);
  }

  #announce(task: ManagedTask, effect: E.News): void {
    const events = this.#events;
    const { pid } = effect;
    switch (effect.does) {
      case E.TELL_STARTED:
        this.#news.push(() => events.started(task, pid));
        break;
      case E.TELL_READY:
        task.spareDue_ms = this.#host.now() + SPARE_DELAY_MS;
        this.#news.push(() => events.ready(task, pid));
        break;
      case E.TELL_DIED: {
        const { cause, text, isStopped } = effect;
        const now = this.#host.now();
        const lifetime_ms = now - task.started_ms;
        const death: TaskDeath = { name: task.name, pid, cause, text, lifetime_ms };
        if (!isStopped) task.remember(cause, text, now);
        this.#news.push(() => events.died(task, death, isStopped));
        break;
      }
      case E.TELL_ENDED: {
        const { isStopped } = effect;
        this.#news.push(() => events.ended(task, pid, isStopped));
        break;
      }
      case E.TELL_STUCK: {
        const { text } = effect;
        this.#news.push(() => events.stuck(task, pid, text));
        break;
      }
    }
  }
}
