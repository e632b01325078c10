/**
 * What has happened in an application, in order, and what a test waits for of it.
 */
import { inspect, isDeepStrictEqual } from "node:util";
import type { Death, Line } from "../checks/checks.js";

/** What an application can be waited for, by the kind of the event. */
export interface Happenings {
  /** The thread of a task exists. */
  readonly start: { readonly at_ms: number; readonly name: string; readonly pid: number };
  /** A task is ready: its program is loaded, the services of its manifest are attached. */
  readonly ready: { readonly at_ms: number; readonly name: string; readonly pid: number };
  readonly death: Death;
  /** A task has ended by itself without an error, or has obeyed the order to stop. */
  readonly end: { readonly at_ms: number; readonly name: string; readonly pid: number };
  /** A task has written a line to its log. */
  readonly line: Line;
  /** The board was restarted. */
  readonly reboot: { readonly at_ms: number; readonly reason: string };
  /** Tasks wait for each other, each for the next, the last for the first. */
  readonly deadlock: { readonly at_ms: number; readonly names: readonly string[] };
  /** A task was told to leave, and its thread could not be ended. */
  readonly stuck: { readonly at_ms: number; readonly name: string; readonly text: string };
}

/** The kinds of events. */
export const KINDS = [
  "start",
  "ready",
  "death",
  "end",
  "line",
  "reboot",
  "deadlock",
  "stuck",
] as const satisfies readonly (keyof Happenings)[];

/** Which event is meant: a test of it, or its fields, where a text may be a regular expression. */
export type Match<Kind extends keyof Happenings> =
  | ((event: Happenings[Kind]) => boolean)
  | {
      readonly [N in keyof Happenings[Kind]]?:
        Happenings[Kind][N] | (Happenings[Kind][N] extends string ? RegExp : never);
    };

/** So many are kept. */
const KEPT_MAX = 10_000;

interface Happening {
  readonly kind: keyof Happenings;
  readonly event: Happenings[keyof Happenings];
  isTold: boolean;
}

function fits(field: unknown, wanted: unknown): boolean {
  if (wanted instanceof RegExp) return typeof field === "string" && wanted.test(field);
  return isDeepStrictEqual(field, wanted);
}

function isMeant<Kind extends keyof Happenings>(
  event: Happenings[Kind],
  match: Match<Kind>,
): boolean {
  if (typeof match === "function") return match(event);
  return Object.entries(match).every(([name, wanted]) =>
    fits((event as unknown as Record<string, unknown>)[name], wanted),
  );
}

/** A match, in a few words. */
export function shownMatch(kind: string, match: unknown): string {
  if (typeof match === "function") return `"${kind}" for which ${String(match)}`;
  const isAny = typeof match === "object" && match !== null && Object.keys(match).length === 0;
  return isAny ? `"${kind}"` : `"${kind}" ${inspect(match, { breakLength: Infinity })}`;
}

/** The events of a run, oldest first. */
export class History {
  #events: Happening[] = [];

  /** One more. */
  add<Kind extends keyof Happenings>(kind: Kind, event: Happenings[Kind]): void {
    this.#events.push({ kind, event, isTold: false });
    if (this.#events.length > 2 * KEPT_MAX) this.#events = this.#events.slice(-KEPT_MAX);
  }

  /** What has happened so far is of no interest any more. */
  forget(): void {
    this.#events = [];
  }

  /** The first that is meant and was not taken yet; undefined when there is none. */
  take<Kind extends keyof Happenings>(
    kind: Kind,
    match: Match<Kind>,
  ): Happenings[Kind] | undefined {
    const found = this.#events.find(
      (each) => !each.isTold && each.kind === kind && isMeant(each.event as never, match),
    );
    if (found === undefined) return undefined;
    found.isTold = true;
    return found.event as Happenings[Kind];
  }
}
