/**
 * Who hears what happens in an application, whatever it runs on.
 */
import type { Happenings } from "./happenings.js";

/** Hears what happens, in order. */
export type Listener = <Kind extends keyof Happenings>(kind: Kind, event: Happenings[Kind]) => void;

/** The events that a System and a Simulation have alike. */
interface EventSource {
  on(kind: "start" | "ready" | "end", listener: (name: string, pid: number) => void): unknown;
  on(kind: "reboot", listener: (reason: string) => void): unknown;
  on(kind: "deadlock", listener: (names: readonly string[]) => void): unknown;
  on(kind: "stuck", listener: (name: string, pid: number, text: string) => void): unknown;
}

/** Has a listener hear of them; `now` is the application's clock, in milliseconds. */
export function tellEvents(source: EventSource, now: () => number, tell: Listener): void {
  for (const kind of ["start", "ready", "end"] as const) {
    source.on(kind, (name, pid) => tell(kind, { at_ms: now(), name, pid }));
  }
  source.on("reboot", (reason) => tell("reboot", { at_ms: now(), reason }));
  source.on("deadlock", (names) => tell("deadlock", { at_ms: now(), names }));
  source.on("stuck", (name, _pid, text) => tell("stuck", { at_ms: now(), name, text }));
}
