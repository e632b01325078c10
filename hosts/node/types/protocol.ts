/**
 * What the thread that checks types is started with, asked and answers: types only.
 */

export interface TypesStart {
  /** Absolute paths of the compiler's module and of the tsconfig.json. */
  readonly compiler: string;
  readonly config: string;
}

/** To be checked as they are now. */
export interface TypesRequest {
  /** Absolute paths of the sources of all programs. */
  readonly sources: readonly string[];
}

/** An error. */
export interface TypeProblem {
  /** A sentence that begins with file, line and column. */
  readonly text: string;
  /** The same without line and column: lines move. */
  readonly key: string;
}

export interface TypesAnswer {
  readonly problems: readonly TypeProblem[];
  /** Of the sources in TypeScript those that the tsconfig.json does not include. */
  readonly outside: readonly string[];
  /** Absolute paths of what the answer depends on, but for packages. */
  readonly inputs: readonly string[];
  /** When the newest of the sources that were looked at was saved, as Date.now() has it. */
  readonly newest_ms: number;
}
