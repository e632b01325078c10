/**
 * Who sends to whom, as the board draws it: one wire for all connections of a client to a server.
 *
 * A wire outlives the death of either end for a while, so that the board does not move while it is
 * being mended.
 */
import type { ConnectionRow, Frame } from "../../watch/protocol.js";
import { type Wire, wireKey } from "./board-layout.js";
import { rateOf, spanBefore } from "./rates.js";

/** A wire that was not seen for so long is taken down. */
const KEEP_MS = 10_000;

interface Seen extends Wire {
  readonly number: number;
  last_ms: number;
}

/** Which task is behind a connection: also when it is dead, by the service that it had. */
function serverBehind(connection: ConnectionRow, serverOf: (service: string) => string): string {
  return connection.server === "" ? serverOf(connection.service) : connection.server;
}

export class Wires {
  readonly #seen = new Map<string, Seen>();
  #count = 0;

  /** Looks at the connections of a frame. */
  add(frame: Frame, serverOf: (service: string) => string): void {
    for (const connection of frame.connections) {
      const wire = { from: connection.client, to: serverBehind(connection, serverOf) };
      if (wire.to === "" || wire.from === "" || wire.from === wire.to) continue;
      const key = wireKey(wire);
      const known = this.#seen.get(key);
      if (known !== undefined) known.last_ms = frame.ms;
      else this.#seen.set(key, { ...wire, number: this.#count++, last_ms: frame.ms });
    }
    for (const [key, { last_ms }] of this.#seen) {
      if (frame.ms - last_ms > KEEP_MS) this.#seen.delete(key);
    }
  }

  /** All wires, in the order in which they were first seen. */
  list(): Wire[] {
    return [...this.#seen.values()].sort((a, b) => a.number - b.number);
  }
}

/** Messages so far from one task to another; null where nobody counts. */
function messagesOver(
  frame: Frame,
  { from, to }: Wire,
  serverOf: (service: string) => string,
): number | null {
  for (const connection of frame.connections) {
    const { client, traffic } = connection;
    // One of their connections has what goes over all of them.
    if (traffic === null || client !== from) continue;
    if (serverBehind(connection, serverOf) === to) return traffic.messages;
  }
  return null;
}

/** Messages that a tracing kernel has counted over a wire in the second before a frame. */
function grownOver(
  frames: readonly Frame[],
  index: number,
  wire: Wire,
  serverOf: (service: string) => string,
): number | null {
  const now = messagesOver(frames[index]!, wire, serverOf);
  if (now === null) return null;
  for (let i = spanBefore(frames, index); i < index; i++) {
    const then = messagesOver(frames[i]!, wire, serverOf);
    if (then !== null) return Math.max(0, now - then);
  }
  // It was not there: what is counted is older.
  return 0;
}

/**
 * Messages a second over each wire, by its key; null where that cannot be known.
 *
 * What a client sends in all is exact, and so is the rate of its only wire. The trace says how it
 * is shared out among several: it may have lost records of a fast task, so it is asked for shares
 * alone. Without a tracing kernel the only wire to a server gives its rate away.
 */
export function wireRates(
  frames: readonly Frame[],
  index: number,
  wires: readonly Wire[],
  serverOf: (service: string) => string,
): Map<string, number | null> {
  const rates = new Map<string, number | null>();
  if (frames[index] === undefined) return rates;
  const counts = new Map(wires.map((wire) => [wire, grownOver(frames, index, wire, serverOf)]));
  for (const wire of wires) {
    const count = counts.get(wire) ?? null;
    const all = wires.filter(({ from }) => from === wire.from);
    let rate: number | null = null;
    if (all.length === 1) {
      rate = rateOf(frames, index, wire.from, "sent");
    } else if (count !== null) {
      const sum = all.reduce((total, other) => total + (counts.get(other) ?? 0), 0);
      rate = sum === 0 ? 0 : (rateOf(frames, index, wire.from, "sent") * count) / sum;
    } else if (wires.filter(({ to }) => to === wire.to).length === 1) {
      rate = rateOf(frames, index, wire.to, "received");
    }
    rates.set(wireKey(wire), rate);
  }
  return rates;
}
