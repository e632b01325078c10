/**
 * The types of a file of tests that runs on XS: `*.xs.ts` beside the manifest. What they promise is
 * in programs.ts.
 */

/** What a VM has allocated: it is zero for code that makes no garbage. */
export interface Allocated {
  /** Slots of XS, 16 bytes each on a 32-bit chip: objects, properties, closures. */
  readonly slots: number;
  /** Bytes for strings, buffers, arrays. */
  readonly chunkBytes: number;
}

/** What a test on XS is given. */
export interface XsTest {
  /** Throws unless both are the same, as Object.is() has it. `what` is in front of the message. */
  equal<Value>(actual: Value, expected: Value, what?: string): void;
  /** Throws unless the value is true, or would be taken for it. */
  ok(value: unknown, what?: string): void;
  /**
   * Does the work in this VM, and says what that has allocated. Call it once before: what is made
   * the first time is counted too. Nothing is collected meanwhile, so the work must fit.
   */
  allocated(work: () => void): Allocated;
}

/**
 * What a file `*.xs.ts` exports as `tests`: functions by their titles, which run one after the
 * other in a task of their own. One that throws has failed. They may block, as a task may; they may
 * not return a promise.
 */
export type XsTests = Readonly<Record<string, (t: XsTest) => void>>;
