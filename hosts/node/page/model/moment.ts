/**
 * The board at one moment, now or within the last minute: what every view shows.
 *
 * A busy task is in another state at each look, so that its state at one moment is a coin toss.
 * What is shown is the state that it was in most of the last half second, unless it has been in one
 * for long: that is a fact.
 */
import type { DeclaredTask, Frame, TaskRow, WatchedState } from "../../watch/protocol.js";
import type { Wire } from "./board-layout.js";
import type { Incident } from "./incidents.js";
import { rateOf } from "./rates.js";
import type { Recording } from "./recording.js";
import { isDown, isWaiting, STATE_NAMES } from "./states.js";
import { wireRates } from "./wires.js";

/** A wait shorter than this is traffic; a longer one is worth a word. */
export const LONG_MS = 200;
/** Shares and "mostly" are of this time. */
const RECENT_MS = 500;
/**
 * What has just happened stays in sight for so long: a crash of half a millisecond must be seen.
 */
export const GLOW_MS = 2500;
/** Counters that have not moved for so long say that a task does nothing. */
const WORKING_MS = 500;

/** One task at a moment. */
export interface TaskMoment {
  readonly name: string;
  readonly row: TaskRow;
  /** null for the main VM. */
  readonly spec: DeclaredTask | null;
  readonly state: WatchedState;
  /** Whom it waits for, or ""; with a service that it recovers from, that service's task. */
  readonly peer: string;
  /** For how long it has been in this state, with this peer. */
  readonly for_ms: number;
  readonly isLong: boolean;
  /** What to show: see above. */
  readonly shown: WatchedState;
  readonly shownPeer: string;
  /** Whom it waited for most of the last half second, and for which share of it. */
  readonly mostly: string;
  readonly mostlyShare: number;
  /** Messages a second. */
  readonly out: number;
  readonly in: number;
  /** It received something lately. */
  readonly isWorking: boolean;
  readonly last: Incident | null;
  /** Recovered within the last moments. */
  readonly hasJustRecovered: boolean;
}

export interface Moment {
  readonly ms: number;
  readonly frame: Frame;
  /** The main VM first. */
  readonly tasks: readonly TaskMoment[];
  readonly byName: ReadonlyMap<string, TaskMoment>;
  readonly wires: readonly Wire[];
  /** Messages a second by the key of a wire; null where it is not known. */
  readonly rates: ReadonlyMap<string, number | null>;
}

interface Recent {
  readonly state: WatchedState;
  readonly peer: string;
  readonly mostly: string;
  readonly mostlyShare: number;
}

/** What a lane says about the time just before a moment. */
function recentOf(recording: Recording, name: string, ms: number): Recent | null {
  const states = new Map<WatchedState, number>();
  const peers = new Map<string, number>();
  const last = new Map<WatchedState, string>();
  let total = 0;
  recording.lanes.get(name)?.forEach(ms - RECENT_MS, ms, ({ from_ms, to_ms, state, peer }) => {
    const span = Math.min(to_ms, ms) - Math.max(from_ms, ms - RECENT_MS);
    total += span;
    states.set(state, (states.get(state) ?? 0) + span);
    last.set(state, peer);
    if (peer !== "") peers.set(peer, (peers.get(peer) ?? 0) + span);
  });
  const [most] = [...states].sort((a, b) => b[1] - a[1]);
  if (most === undefined || total === 0) return null;
  const [peer = "", span = 0] = [...peers].sort((a, b) => b[1] - a[1])[0] ?? [];
  const [state] = most;
  return { state, peer: last.get(state) ?? "", mostly: peer, mostlyShare: span / total };
}

function isWorking(recording: Recording, index: number, name: string): boolean {
  const { frames } = recording;
  const counterIn = (frame: Frame | undefined): number | undefined =>
    frame?.tasks.find((row) => row.name === name)?.counters.received;
  const now = counterIn(frames[index]);
  for (let i = index - 1; i >= 0; i--) {
    if (counterIn(frames[i]) !== now) return true;
    if (frames[index]!.ms - frames[i]!.ms >= WORKING_MS) return false;
  }
  return false;
}

function taskAt(recording: Recording, index: number, row: TaskRow, ms: number): TaskMoment {
  const { name } = row;
  const { frames } = recording;
  const isLive = ms >= frames[index]!.ms;
  const segment = recording.lanes.get(name)?.at(ms) ?? null;
  const isMain = name === "main";
  // Of the main VM "RUNNING" says nothing: it looks after the board all the time.
  const calm = (state: WatchedState): WatchedState =>
    isMain && state === "RUNNING" ? "IDLE" : state;
  const state = calm(segment?.state ?? row.state);
  const recovers = row.recovers === null ? "" : recording.serverOf(row.recovers);
  let peer = segment?.peer ?? row.waitsFor?.name ?? "";
  if (state === "RECOVERING" && peer === "") peer = recovers;
  // A page that was opened a moment ago has not seen how a long wait began.
  const told = isLive && row.waitsFor !== null && row.state === state ? row.waitsFor.ms : 0;
  const last = recording.incidents.lastOf(name, ms);
  // Up to the last look: what came after it is not known.
  const known_ms = Math.min(ms, recording.lanes.get(name)?.end_ms ?? ms);
  let for_ms = Math.max(told, segment === null ? 0 : known_ms - segment.from_ms);
  if (isDown(state)) for_ms = ms - (last?.ms ?? segment?.from_ms ?? ms);
  const isLong = for_ms >= LONG_MS;
  const recent = recentOf(recording, name, ms);
  const isFact = isLong || recent === null || isDown(state) || state === "RECOVERING";
  return {
    name,
    row,
    spec: recording.welcome.tasks.find((task) => task.name === name) ?? null,
    state,
    peer,
    for_ms,
    isLong,
    shown: isFact ? state : calm(recent.state),
    shownPeer: isFact ? peer : recent.peer,
    mostly: recent?.mostly ?? "",
    mostlyShare: recent?.mostlyShare ?? 0,
    out: rateOf(frames, index, name, "sent"),
    in: rateOf(frames, index, name, "received"),
    isWorking: isWorking(recording, index, name),
    last,
    hasJustRecovered: recording.events.some(
      (event) =>
        event.what === "recovered" &&
        event.task === name &&
        event.ms <= ms &&
        ms - event.ms < GLOW_MS,
    ),
  };
}

/** The board at a moment; null before the first frame. */
export function momentAt(recording: Recording, ms: number): Moment | null {
  const { frames } = recording;
  const index = recording.frameIndexAt(ms);
  const frame = frames[index];
  if (frame === undefined) return null;
  const tasks = frame.tasks.map((row) => taskAt(recording, index, row, ms));
  const wires = recording.wires.list();
  const rates = wireRates(frames, index, wires, (service) => recording.serverOf(service));
  return {
    ms,
    frame,
    tasks,
    byName: new Map(tasks.map((task) => [task.name, task])),
    wires,
    rates,
  };
}

/**
 * Does it wait for somebody who is known, or recover from one, for so long that it is worth a
 * word?
 */
export function isBlocked({ state, peer, isLong }: TaskMoment): boolean {
  return (isWaiting(state) || state === "RECOVERING") && peer !== "" && isLong;
}

/** A task's state in a few words: "▷ SEND store 2.1 s" without its glyph. */
export function stateWords(task: TaskMoment, span: (ms: number) => string): string {
  const { shown, shownPeer, isLong, for_ms, name } = task;
  if (name === "main" && shown === "IDLE") return "never waits";
  const words: string[] = [shown];
  if (shownPeer !== "" && (isWaiting(shown) || shown === "RECOVERING")) words.push(shownPeer);
  const lasts = isWaiting(shown) || isDown(shown) || shown === "RECOVERING" || shown === "HUNG";
  if (isLong && lasts) words.push(span(for_ms));
  return words.join(" ");
}

/** Codes of states that a lane's shares are counted by. */
export const STATE_COUNT = STATE_NAMES.length;
