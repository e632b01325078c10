/**
 * Pieces of a stream into its lines: each is one message of the protocol.
 */
export class Lines {
  #rest = "";

  /** Takes the next piece, and gives the lines that it completes. */
  push(piece: string): string[] {
    const lines = (this.#rest + piece).split("\n");
    this.#rest = lines.pop() ?? "";
    return lines.filter((line) => line !== "");
  }
}
