/**
 * The states of a task as the page shows them. Glyph, word and colour say the same thing three
 * times, so that nobody needs the colour; what waits is one colour, and its kinds differ in their
 * pattern.
 */
import type { WatchedState } from "../../watch/protocol.js";

/** The colours of states: names of the custom properties of styles/theme.css. */
export type Ink = "run" | "idle" | "wait" | "start" | "dead" | "held" | "well";

/** How a state is filled in the timeline. */
export type Fill = "none" | "solid" | "diagonal" | "crossed" | "upright" | "level";

export interface StateLook {
  readonly glyph: string;
  readonly ink: Ink;
  readonly fill: Fill;
  /** A sentence without its subject. */
  readonly says: string;
}

export const STATES: Readonly<Record<WatchedState, StateLook>> = {
  RUNNING: { glyph: "●", ink: "run", fill: "solid", says: "in its own code" },
  IDLE: { glyph: "○", ink: "idle", fill: "none", says: "in its event loop, with nothing to do" },
  NANOSLEEP: { glyph: "◌", ink: "idle", fill: "none", says: "asleep in delay()" },
  RECEIVE: { glyph: "○", ink: "idle", fill: "none", says: "waits for a message" },
  SEND: { glyph: "▷", ink: "wait", fill: "diagonal", says: "its message is not received yet" },
  REPLY: { glyph: "▶", ink: "wait", fill: "solid", says: "its message is not answered yet" },
  RECOVERING: { glyph: "↻", ink: "wait", fill: "level", says: "re-establishes its connection" },
  STARTING: { glyph: "◔", ink: "start", fill: "solid", says: "its program is being loaded" },
  DEAD: { glyph: "✕", ink: "dead", fill: "crossed", says: "dead" },
  HELD: { glyph: "‖", ink: "held", fill: "upright", says: "dead until somebody releases it" },
  STUCK: { glyph: "■", ink: "dead", fill: "crossed", says: "its thread cannot be ended" },
  STOPPED: { glyph: "□", ink: "idle", fill: "none", says: "has ended" },
  HUNG: { glyph: "▲", ink: "dead", fill: "crossed", says: "was made to hang" },
  PAUSED: { glyph: "❚❚", ink: "held", fill: "upright", says: "stands in a debugger" },
  UNKNOWN: { glyph: "?", ink: "idle", fill: "none", says: "nobody looked" },
};

/** All states, in the order of their codes. */
export const STATE_NAMES = Object.keys(STATES) as readonly WatchedState[];

/** The states of the board's legend: one for each pattern that is not obvious. */
export const LEGEND: readonly WatchedState[] = [
  "RUNNING",
  "RECEIVE",
  "SEND",
  "REPLY",
  "RECOVERING",
  "DEAD",
  "HELD",
];

/** Is the message of a task under way? */
export function isWaiting(state: WatchedState): state is "SEND" | "REPLY" {
  return state === "SEND" || state === "REPLY";
}

/** Has it no VM that runs its program? */
export function isDown(state: WatchedState): boolean {
  return state === "DEAD" || state === "HELD" || state === "STARTING";
}
