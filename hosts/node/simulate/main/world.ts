/**
 * The lives of a simulation, as its main VM has them.
 */
import type { MessagePort } from "node:worker_threads";
import type { LogLevel } from "../../log/line.js";
import * as baton from "../baton/baton.js";
import { PARTICIPANTS_MAX } from "../baton/control.js";
import type { BoardMessage, BoardStart, LifeStart, ToBoard } from "../life/protocol.js";
import type { Agenda } from "./agenda.js";
import type { RealThread, Threads } from "./threads.js";

/** A line of a task's log, or of the manager's as "main". */
export interface LoggedLine {
  readonly task: string;
  readonly level: LogLevel;
  readonly text: string;
  /** Virtual milliseconds since the simulation began. */
  readonly at_ms: number;
}

/** What the world tells of a life. */
export interface LifeListener {
  readonly name: string;
  /** Bits of the events of baton.ts, and a last word if there is one. */
  hear(events: number, lastWord: LastWord | null): void;
  /** Of a task: it is the incarnation, and does not stand by. */
  readonly isCurrent?: boolean;
  /** Of a task: it ends for want of memory. */
  exhaust?(): void;
  /** Of a task: it stands still at this point of a message. */
  hearPoint?(point: number): void;
  /** Of the board alone: what it has told. */
  hearBoard?(message: BoardMessage): void;
}

/** Why a life ends, in its own words. */
export interface LastWord {
  readonly cause: "throw" | "syntax" | "exit";
  readonly text: string;
}

/** One that is killed where it sleeps dies so much later. */
const KILL_MS = 5;
/** Or, if it comes to work before, at work: less than a rest of a run lasts. */
const KILL_AT_WORK_MS = 3_000;

interface Playing {
  readonly thread: RealThread;
  readonly listener: LifeListener;
}

export class World {
  readonly agenda: Agenda;
  readonly threads: Threads;
  /**
   * Do half of the kills wait for their task to work? A server sleeps most of the time, and nothing
   * comes of a death in its sleep.
   */
  killsAtWork = false;
  readonly #log: (line: LoggedLine) => void;
  /** By participant. */
  readonly #playing = new Map<number, Playing>();

  constructor(agenda: Agenda, threads: Threads, log: (line: LoggedLine) => void) {
    this.agenda = agenda;
    this.threads = threads;
    this.#log = log;
  }

  /** How long a task that is killed may go on sleeping. */
  killPatience(): number {
    return this.killsAtWork && baton.random() < 0.5 ? KILL_AT_WORK_MS : KILL_MS;
  }

  /** A participant that nobody is. */
  nextParticipant(): number {
    let participant = 1;
    while (this.#playing.has(participant)) participant++;
    if (participant < PARTICIPANTS_MAX) return participant;
    throw new Error(`a simulation has at most ${PARTICIPANTS_MAX - 1} lives at once`);
  }

  /** Begins a life, as a participant that nobody is. */
  admit(
    participant: number,
    start: LifeStart | BoardStart,
    transfer: readonly MessagePort[],
    listener: LifeListener,
  ): void {
    const thread = this.threads.take(start, transfer);
    this.#playing.set(participant, { thread, listener });
    baton.admit(participant, thread.seat);
  }

  /** Tells a life something that it takes when it looks. */
  tell(participant: number, message: ToBoard, transfer: readonly MessagePort[]): void {
    this.#playing.get(participant)?.thread.port.postMessage(message, transfer);
  }

  /** Has a task be slow. False when it could not run just now anyway. */
  slow(task: string, ms: number): boolean {
    const participant = this.#participantOf(task);
    return participant !== 0 && baton.slow(participant, ms);
  }

  /** Has a task end for want of memory. False when it does not run. */
  exhaust(task: string): boolean {
    const playing = this.#playing.get(this.#participantOf(task));
    playing?.listener.exhaust?.();
    return playing !== undefined;
  }

  /** Of the life that is the task now; 0 for none. */
  #participantOf(task: string): number {
    for (const [participant, { listener }] of this.#playing) {
      if (listener.name === task && listener.isCurrent === true) return participant;
    }
    return 0;
  }

  /** The task of a participant; "" for none. */
  nameOf(participant: number): string {
    return this.#playing.get(participant)?.listener.name ?? "";
  }

  /** Hears what lives have told since the last time: lines in the order of their times. */
  drain(): void {
    const lines: LoggedLine[] = [];
    const heard: (() => void)[] = [];
    const playing = [...this.#playing].sort(([one], [other]) => one - other);
    for (const [participant, { thread, listener }] of playing) {
      const events = baton.takeEvents(participant);
      if (events === 0) continue;
      let lastWord: LastWord | null = null;
      for (const message of this.threads.messagesOf(thread)) {
        if (message.type === "threw") lastWord = message as LastWord;
        else if (message.type === "point") {
          heard.push(() => listener.hearPoint?.(message.point));
        } else if (message.type !== "log") heard.push(() => listener.hearBoard?.(message));
        else lines.push({ ...message, task: listener.name, at_ms: message.at_ms - baton.BEGIN_MS });
      }
      heard.push(() => listener.hear(events, lastWord));
      if ((events & baton.GONE) === 0) continue;
      heard.push(() => {
        this.#playing.delete(participant);
        baton.dismiss(participant);
        this.threads.release(thread);
      });
    }
    lines.sort((one, other) => one.at_ms - other.at_ms);
    for (const line of lines) this.#log(line);
    for (const hear of heard) hear();
  }
}
