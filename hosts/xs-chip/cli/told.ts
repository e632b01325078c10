/**
 * What an emulated chip tells at the end of a run with --machine-accounts: lines of JSON.
 */
const TOLD = "machine: ";

/** What the chip has counted of all threads of one name. Bytes, and cycles of the processor. */
export interface Account {
  readonly account: string;
  /** Of the workers that wait to be the next incarnation. */
  readonly standsBy: boolean;
  readonly starts: number;
  /** How deep its native stack has been, and how deep it may be. */
  readonly stack: number;
  readonly stackBytes: number;
  /** `static` of its creation. */
  readonly block: number;
  /** The most that it has had of the chip's RAM. */
  readonly ramBytes: number;
  readonly cycles: number;
}

/** What it has counted of itself. */
export interface Counts {
  readonly idle: number;
  readonly cycles: number;
  /** In the clock of the chip. */
  readonly time: number;
  readonly ramBytes: number;
  readonly staticBytes: number;
  readonly heapPeak: number;
}

/** What this line tells; undefined: it is one of the log. Throws for what is no JSON. */
export function readTold(line: string): Account | Counts | undefined {
  if (!line.startsWith(TOLD)) return undefined;
  return JSON.parse(line.slice(TOLD.length)) as Account | Counts;
}
