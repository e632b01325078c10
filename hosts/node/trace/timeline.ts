/**
 * What happened, out of the records of all rings: states of tasks, calls, arrows, counters.
 *
 * It is told records in the order of their times and keeps only what goes on at the moment: a state
 * and a message for each task. A record that does not fit (its beginning was lost) is told as far
 * as it goes, and nothing is made up.
 */
import type { TraceEntry } from "../../../src/kernel/trace/entry.js";
import * as R from "../../../src/kernel/trace/ring.js";
import { attemptOf, numberOf } from "./message-number.js";
import type { Args, PerfettoEvents } from "./perfetto.js";
import { Routes } from "./routes.js";

/** Place of the board, and of the main VM. */
const BOARD = -1;
const MAIN = 0;
/** How often the rate of messages is told. */
const RATE_US = 100_000;
const SECOND_US = 1_000_000;

/** What a task does only while it runs. */
const ACTS: ReadonlySet<number> = new Set([
  R.KIND_RECEIVE,
  R.KIND_REPLY,
  R.KIND_ERROR,
  R.KIND_PULSE,
  R.KIND_GOT_PULSE,
]);

/** The message that a task has outstanding. */
interface Message {
  readonly message: number;
  readonly server: number;
  readonly sent_us: number;
  isReceived: boolean;
  /** NaN before it is answered. */
  replied_us: number;
}

/** A message that a server holds. */
interface Call {
  readonly id: string;
  readonly message: number;
  readonly server: number;
}

interface Track {
  /** Of the incarnation that is, or was last; 0 when it is not known. */
  pid: number;
  /** null while it is not known. */
  state: string | null;
  since_us: number;
  isRecovering: boolean;
  hasRecovered: boolean;
  sending: Message | null;
  /** That it has sent, as its server sees it. */
  held: Call | null;
  /** Messages sent to it and not received. */
  queue: number;
}

function shownNumber(message: number): string {
  return `${numberOf(message)}.${attemptOf(message)}`;
}

function idOf(client: number, message: number): string {
  return `${client}.${shownNumber(message)}`;
}

export class Timeline {
  readonly routes = new Routes();
  readonly #events: PerfettoEvents;
  readonly #names: readonly string[];
  readonly #tracks: Track[];
  /** Messages that were received since the window began. */
  #received = 0;
  #window_us: number;

  /** `names` are those of the tasks, by place. Nothing is known of what was before `origin_us`. */
  constructor(events: PerfettoEvents, names: readonly string[], origin_us: number) {
    this.#events = events;
    this.#names = names;
    this.#window_us = origin_us;
    this.#tracks = names.map(() => ({
      pid: 0,
      state: null,
      since_us: origin_us,
      isRecovering: false,
      hasRecovered: false,
      sending: null,
      held: null,
      queue: 0,
    }));
    events.name(BOARD, "board");
    names.forEach((name, place) => events.name(place, name));
  }

  /** Must something else that is as old be told before it? */
  isEarly({ place, kind, peer, message }: TraceEntry): boolean {
    if (kind === R.KIND_RECEIVE) return this.#tracks[peer]?.sending?.message !== message;
    if (kind !== R.KIND_RETURN && kind !== R.KIND_FAIL) return false;
    const sending = this.#tracks[place]?.sending;
    return !!sending && sending.isReceived && Number.isNaN(sending.replied_us);
  }

  /** A record. */
  tell(entry: TraceEntry): void {
    const { place, kind, peer, time_us, value, message } = entry;
    this.#tellRate(time_us);
    if (kind === R.KIND_RECEIVE) this.#received++;
    const track = this.#tracks[place];
    const other = this.#tracks[peer];
    if (track === undefined || other === undefined) return;
    // Whatever came before it was lost: who does this runs.
    if (ACTS.has(kind) && track.sending === null) this.#run(place, time_us);
    switch (kind) {
      case R.KIND_START:
        return this.started(peer, time_us, message, place === peer);
      case R.KIND_READY:
        return this.ready(peer, time_us, message);
      case R.KIND_DEATH:
        return this.died(peer, time_us, message, place === MAIN ? "" : null);
      case R.KIND_SEND:
        return this.#send(entry, track, other);
      case R.KIND_RECEIVE:
        return this.#receive(entry, other);
      case R.KIND_REPLY:
      case R.KIND_ERROR:
        return this.#reply(entry, other);
      case R.KIND_RETURN:
      case R.KIND_FAIL:
        return this.#return(entry, track);
      case R.KIND_PULSE:
        return this.#instant(place, time_us, `pulse ${value} to ${this.#names[peer]}`);
      case R.KIND_GOT_PULSE:
        return this.#instant(place, time_us, `got pulse ${(value << 24) >> 24}`);
      case R.KIND_BLOCK:
        if (track.sending !== null) return;
        return this.#enter(place, time_us, value === R.BLOCK_RECEIVE ? "RECEIVE" : "NANOSLEEP");
      case R.KIND_WAKE:
        return track.sending === null ? this.#run(place, time_us) : undefined;
      case R.KIND_RECOVERY:
        return this.#recover(entry, track);
      default:
        return this.#instant(place, time_us, `record of kind ${kind}`);
    }
  }

  /** Records of a task are missing: from its last one until this time nothing is known of it. */
  gap(place: number, until_us: number, lost: number, torn: number): void {
    const track = this.#tracks[place];
    if (track === undefined) return;
    if (torn > 0) this.#instant(place, until_us, `${torn} torn`, { torn });
    if (lost === 0) return;
    const from_us = track.since_us;
    this.#leave(place, from_us);
    const until = Math.max(from_us, until_us);
    this.#events.slice(place, from_us, until, `${lost} records lost`, { lost });
    track.since_us = until;
    if (track.sending !== null) this.#unsend(track, until);
    this.#release(place, until, "lost");
  }

  /**
   * A task's VM exists: main says so, and the task itself. Its predecessor's messages are not its.
   * After a restart of the board pids begin again.
   */
  started(place: number, time_us: number, pid: number, isOwn: boolean): void {
    const track = this.#tracks[place];
    if (track === undefined || (track.pid === pid && !isOwn)) return;
    track.pid = pid;
    track.isRecovering = false;
    if (track.sending !== null) this.#unsend(track, time_us);
    this.#enter(place, time_us, "RUNNING");
    this.#instant(place, time_us, "start", { pid });
  }

  ready(place: number, time_us: number, pid: number): void {
    this.#instant(place, time_us, "ready", { pid });
  }

  /**
   * This incarnation is gone. Main may hear of it when its successor runs already. `text` is what
   * main knows of it, null when the task says it itself.
   */
  died(place: number, time_us: number, pid: number, text: string | null): void {
    const track = this.#tracks[place];
    if (track === undefined) return;
    if (text !== null) this.#instant(place, time_us, "death", { pid, text });
    if (track.pid !== pid || track.state === "DEAD") return;
    track.isRecovering = false;
    if (track.sending !== null) this.#unsend(track, time_us);
    this.#tracks.forEach(({ held }, client) => {
      if (held?.server === place) this.#release(client, time_us, "the server died");
    });
    this.#enter(place, time_us, "DEAD");
  }

  /** The board has been restarted: nothing of it runs any more. */
  rebooted(time_us: number, reason: string): void {
    this.#tracks.forEach(({ pid }, place) => {
      if (pid !== 0) this.died(place, time_us, pid, null);
    });
    this.note(time_us, `reboot: ${reason}`);
  }

  /** Something that concerns the whole board. */
  note(time_us: number, text: string): void {
    this.#instant(BOARD, time_us, text);
  }

  /** Nothing follows: what goes on ends here. */
  close(time_us: number): void {
    this.#tellRate(time_us);
    this.#tracks.forEach((_, place) => {
      this.#release(place, time_us, "the trace ends");
      this.#leave(place, time_us);
    });
  }

  #send({ place, peer, time_us, value, message }: TraceEntry, track: Track, server: Track): void {
    if (track.sending !== null) this.#unsend(track, time_us);
    const isRepeated = attemptOf(message) > 1;
    track.sending = {
      message,
      server: peer,
      sent_us: time_us,
      isReceived: false,
      replied_us: NaN,
    };
    this.routes.sent(place, peer, value, isRepeated);
    server.queue++;
    this.#events.counter(peer, time_us, "queue", server.queue);
    this.#enter(place, time_us, "SEND");
  }

  #receive({ place, peer, time_us, value, message }: TraceEntry, client: Track): void {
    const id = idOf(peer, message);
    this.#release(peer, time_us, "not answered");
    client.held = { id, message, server: place };
    const bytes = { bytes: value };
    this.#events.call(
      "b",
      place,
      time_us,
      id,
      `${this.#names[peer]} #${shownNumber(message)}`,
      bytes,
    );
    const { sending } = client;
    if (sending === null || sending.message !== message || sending.isReceived) return;
    sending.isReceived = true;
    this.#dequeue(sending, time_us);
    this.#leave(peer, time_us, this.#aboutMessage(sending));
    this.#enter(peer, time_us, "REPLY");
    this.#events.arrow(`${id}s`, peer, sending.sent_us, place, time_us, "message");
  }

  #reply({ peer, time_us, kind, value, message }: TraceEntry, client: Track): void {
    const { held, sending } = client;
    if (held?.message !== message) return;
    this.#release(peer, time_us, kind === R.KIND_ERROR ? `error ${value}` : `${value} bytes`);
    if (sending?.message === message) sending.replied_us = time_us;
  }

  #return({ place, time_us, kind, value, message }: TraceEntry, track: Track): void {
    const { sending } = track;
    // Else nothing was sent, or its beginning was lost.
    if (sending === null || sending.message !== message) return this.#run(place, time_us);
    const isGood = kind === R.KIND_RETURN;
    const { server, sent_us, replied_us } = sending;
    this.routes.ended(place, server, time_us - sent_us, isGood);
    this.#unsend(track, time_us);
    const result = isGood ? `status ${value}` : `errno ${value}`;
    this.#release(place, time_us, result);
    this.#leave(place, time_us, { ...this.#aboutMessage(sending), result });
    this.#run(place, time_us);
    if (Number.isNaN(replied_us)) return;
    this.#events.arrow(`${idOf(place, message)}r`, server, replied_us, place, time_us, "reply");
  }

  #recover({ place, time_us, value, message }: TraceEntry, track: Track): void {
    if (value === R.RECOVERY_BEGUN) {
      track.isRecovering = true;
      track.hasRecovered = false;
      this.#run(place, time_us);
    } else if (value === R.RECOVERY_DONE) {
      track.hasRecovered = true;
    } else {
      const outcome = track.hasRecovered ? "recovered" : "recovery failed";
      track.isRecovering = false;
      this.#run(place, time_us);
      this.#instant(place, time_us, outcome, { coid: message });
    }
  }

  #aboutMessage({ server, message }: Message): Args {
    return { server: this.#names[server]!, number: shownNumber(message) };
  }

  /** The message is outstanding no more. */
  #unsend(track: Track, time_us: number): void {
    if (!track.sending!.isReceived) this.#dequeue(track.sending!, time_us);
    track.sending = null;
  }

  #dequeue({ server }: Message, time_us: number): void {
    const track = this.#tracks[server]!;
    track.queue--;
    this.#events.counter(server, time_us, "queue", track.queue);
  }

  /** The server holds the message of this client no more. */
  #release(client: number, time_us: number, result: string): void {
    const track = this.#tracks[client]!;
    const { held } = track;
    if (held === null) return;
    track.held = null;
    const name = `${this.#names[client]} #${shownNumber(held.message)}`;
    this.#events.call("e", held.server, time_us, held.id, name, { result });
  }

  #run(place: number, time_us: number): void {
    this.#enter(place, time_us, this.#tracks[place]!.isRecovering ? "RECOVERING" : "RUNNING");
  }

  #enter(place: number, time_us: number, state: string): void {
    const track = this.#tracks[place]!;
    if (track.state === state) return;
    this.#leave(place, time_us);
    track.state = state;
  }

  /** The slice of the state that has ended; the track has none then. */
  #leave(place: number, time_us: number, args: Args = {}): void {
    const track = this.#tracks[place]!;
    const until_us = Math.max(time_us, track.since_us);
    if (track.state !== null) {
      this.#events.slice(place, track.since_us, until_us, track.state, args);
    }
    track.state = null;
    track.since_us = until_us;
  }

  #instant(place: number, time_us: number, name: string, args: Args = {}): void {
    this.#events.instant(place, time_us, name, args);
  }

  /** Tells the rate of the window that is over at this time, and that nothing came after it. */
  #tellRate(time_us: number): void {
    const windows = Math.floor((time_us - this.#window_us) / RATE_US);
    if (windows < 1) return;
    const rate = (this.#received * SECOND_US) / RATE_US;
    this.#events.counter(BOARD, this.#window_us, "messages/s", rate);
    if (windows > 1) this.#events.counter(BOARD, this.#window_us + RATE_US, "messages/s", 0);
    this.#received = 0;
    this.#window_us += windows * RATE_US;
  }
}
