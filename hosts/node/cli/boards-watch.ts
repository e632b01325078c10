/**
 * `reattach boards --watch`: the boards that there are, then a line for each change, until Ctrl-C.
 */
import { once } from "node:events";
import { clockText } from "../log/terminal.js";
import type { ObserverEvents, SeenBoard } from "../net/observer.js";
import { observe, type Place, shownBroker, shownReason, untilKnown } from "./boards-place.js";
import {
  boardLine,
  type BoardRow,
  boardsText,
  malformedText,
  rowOf,
  rowsOf,
} from "./boards-view.js";
import { printableJson } from "./printable.js";

/** How often it is looked who has become silent. */
const LOOK_MS = 1_000;

/** What was told last of a board. */
interface Told {
  readonly life: number;
  readonly line: string;
}

/** Tells what changes, and nothing twice. */
class Teller implements ObserverEvents {
  readonly #place: Place;
  readonly #isJson: boolean;
  readonly #told = new Map<string, Told>();
  #isBegun = false;

  constructor(place: Place, isJson: boolean) {
    this.#place = place;
    this.#isJson = isJson;
  }

  /** What there is before the first change. */
  begin(rows: readonly BoardRow[], malformed: number): void {
    this.#isBegun = true;
    for (const row of rows) {
      this.#told.set(row.board, { life: row.life, line: boardLine(row) });
      if (this.#isJson) this.#print("", row);
    }
    if (!this.#isJson) process.stdout.write(boardsText(this.#place, rows, malformed));
    else if (malformed > 0) this.malformed(malformed);
  }

  /** Looks at all of them: one may have become silent. */
  look(rows: readonly BoardRow[]): void {
    for (const row of rows) this.#tell(row);
  }

  changed(board: string, seen: SeenBoard | null): void {
    if (!this.#isBegun) return;
    if (seen !== null) {
      this.#tell(rowOf(board, seen, 0, this.#place.silent_ms));
    } else if (this.#told.delete(board)) {
      this.#print(`${board}: the broker keeps no status of it`, { board, state: "forgotten" });
    }
  }

  malformed(count: number): void {
    if (this.#isBegun) this.#print(malformedText(count), { malformed: count });
  }

  up(): void {
    const broker = shownBroker(this.#place.broker);
    this.#print(`${broker} is there again`, { broker, isThere: true });
  }

  down(reason: string): void {
    const broker = shownBroker(this.#place.broker);
    this.#print(shownReason(this.#place, reason), { broker, isThere: false, reason });
  }

  #tell(row: BoardRow): void {
    const { board, life } = row;
    const line = boardLine(row);
    const before = this.#told.get(board);
    if (before?.life === life && before.line === line) return;
    this.#told.set(board, { life, line });
    const isAnew = before !== undefined && before.life !== life && row.services !== null;
    this.#print(`${board}: ${isAnew ? "booted anew, " : ""}${line}`, row);
  }

  #print(text: string, json: object): void {
    const time_ms = Date.now();
    const line = this.#isJson
      ? printableJson({ time: new Date(time_ms).toISOString(), ...json })
      : `${clockText(time_ms)} ${text}`;
    process.stdout.write(`${line}\n`);
  }
}

/** Watches until SIGINT or SIGTERM. Throws a FailedError where the broker is not there at first. */
export async function watchBoards(place: Place, isJson: boolean): Promise<void> {
  const signal = Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);
  const teller = new Teller(place, isJson);
  const observer = await observe(place, true, teller);
  const isKnown = await Promise.race([
    untilKnown(place, observer).then(() => true),
    signal.then(() => false),
  ]);
  if (isKnown) {
    teller.begin(rowsOf(observer, place.silent_ms), observer.malformed);
    const timer = setInterval(() => teller.look(rowsOf(observer, place.silent_ms)), LOOK_MS);
    await signal;
    clearInterval(timer);
  }
  await observer.close();
}
