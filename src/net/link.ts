/**
 * What carries frames and statuses from board to board: hosts make one of a client of MQTT. Types
 * only.
 */

/** What a gateway is told. None of these may be called inside a call of BoardLink. */
export interface LinkEvents {
  /** A frame has come from a board, which the broker vouches for. */
  frame(from: string, bytes: Uint8Array): void;
  /**
   * What a board says of itself, or its last will. `isKept`: not just said, but kept by the broker;
   * one that has been killed may have kept what a board said in a life that is over.
   */
  status(board: string, text: string, isKept: boolean): void;
  /** Something has come that can be neither. */
  malformed(): void;
  /** The broker is there; statuses follow. */
  up(): void;
  /** The broker is gone. */
  down(): void;
}

/** Sends. Nothing of it blocks, and what is sent while the broker is gone is lost. */
export interface BoardLink {
  /** A frame for another board. It may be lost, come late, or twice. */
  send(board: string, bytes: Uint8Array): void;
  /** Has what another board says of itself told, at once and from now on. */
  watch(board: string): void;
  /** What this board says of itself from now on; the broker keeps it. */
  announce(text: string): void;
}
