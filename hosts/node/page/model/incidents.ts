/**
 * Deaths with what followed: a death, its successor, and the clients that recovered are one story.
 * The verdict tells the last one, and the board keeps it in sight for a moment.
 */
import type { WatchEvent } from "../../watch/protocol.js";

export interface Incident {
  readonly task: string;
  readonly ms: number;
  readonly cause: string;
  readonly text: string;
  /** When its successor was ready; null as long as it is not. */
  back_ms: number | null;
  /** Clients that have recovered from it, and when. */
  readonly recovered: { readonly task: string; readonly ms: number }[];
}

/** Stories that are kept. */
const INCIDENTS_MAX = 500;
/** A client that recovers later than this recovers from something else. */
const STORY_MS = 11_000;

export class Incidents {
  readonly #list: Incident[] = [];

  /** The oldest first. */
  get list(): readonly Incident[] {
    return this.#list;
  }

  /**
   * Adds an event to the story that it belongs to. `serverOf` says which task has a service, ""
   * when that is not known.
   */
  add(event: WatchEvent, serverOf: (service: string) => string): void {
    switch (event.what) {
      case "death": {
        const { task, ms, cause, text } = event;
        this.#list.push({ task, ms, cause, text, back_ms: null, recovered: [] });
        if (this.#list.length > INCIDENTS_MAX) this.#list.shift();
        break;
      }
      case "ready":
        this.#end(event.ms, event.task);
        break;
      case "reboot":
        // All tasks are new: nothing is down any more for what it died of before.
        this.#end(event.ms);
        break;
      case "recovered":
        this.#recover(event.task, event.ms, serverOf(event.service));
        break;
      default:
    }
  }

  /** The last death of a task at or before a moment. */
  lastOf(task: string, ms: number): Incident | null {
    return this.#list.findLast((one) => one.task === task && one.ms <= ms) ?? null;
  }

  /** The last story that had ended by then: the successor is there. */
  lastHealed(ms: number): Incident | null {
    return this.#list.findLast(({ back_ms }) => back_ms !== null && back_ms <= ms) ?? null;
  }

  #end(ms: number, task?: string): void {
    for (const incident of this.#list) {
      if (task === undefined || incident.task === task) incident.back_ms ??= ms;
    }
  }

  #recover(task: string, ms: number, server: string): void {
    const story = this.#list.findLast(
      (one) =>
        one.task !== task &&
        ms >= one.ms &&
        ms - one.ms < STORY_MS &&
        (server === "" || server === one.task) &&
        !one.recovered.some((client) => client.task === task),
    );
    story?.recovered.push({ task, ms });
  }
}
