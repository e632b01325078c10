/**
 * What the programs on XS tell the test on Node.js: one line of JSON for each assertion.
 *
 * Nothing is compared here. The values go over as they are, and tape compares them where it is at
 * home.
 */

/** An assertion of a case. */
export interface Assertion {
  readonly kind: "equal" | "notEqual" | "deepEqual" | "ok";
  readonly actual: unknown;
  readonly expected: unknown;
  readonly message: string;
}

/** A line. */
export type Line =
  | { readonly type: "assertion"; readonly title: string; readonly assertion: Assertion }
  /** The case was played to its end. */
  | { readonly type: "played"; readonly title: string }
  /** It was not. */
  | { readonly type: "failed"; readonly title: string; readonly why: string };

/** What a VM uses of its heaps. */
export interface Footprint {
  readonly slots: number;
  readonly chunkBytes: number;
}

/** What the rounds cost one VM. */
export interface Cost {
  readonly rounds: number;
  /** Slots in use after the last round less those before the first. */
  readonly slots: number;
  readonly chunkBytes: number;
  /** Collections: with none, slots and chunkBytes are all that was allocated. */
  readonly collections: number;
  readonly bytecodes: number;
  /** Of a trace: none but in the tracing build. */
  readonly records: number;
  /** The deepest that its stack has been, from its start on. */
  readonly stackSlots: number;
}

/** Lines that start with this are results; others are the log. */
export const MARK = "#result ";

/** What JSON has no word for. */
type Tagged = { readonly $: string; readonly of?: unknown };

function encode(_key: string, value: unknown): unknown {
  if (value === undefined) return { $: "undefined" };
  if (typeof value === "number" && (!Number.isFinite(value) || Object.is(value, -0))) {
    return { $: "number", of: Object.is(value, -0) ? "-0" : String(value) };
  }
  if (value instanceof Uint8Array) return { $: "Uint8Array", of: Array.from(value) };
  if (value instanceof Int32Array) return { $: "Int32Array", of: Array.from(value) };
  return value;
}

function decode(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || !("$" in value)) return value;
  const { $: tag, of } = value as Tagged;
  if (tag === "Uint8Array") return Uint8Array.from(of as number[]);
  if (tag === "Int32Array") return Int32Array.from(of as number[]);
  return tag === "number" ? Number(of) : { $: tag };
}

/** JSON.parse leaves a property out when its reviver returns undefined: put it back. */
function restoreUndefined(value: unknown): unknown {
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return value;
  if ((value as { $?: unknown }).$ === "undefined") return undefined;
  const object = value as Record<string, unknown>;
  for (const key of Object.keys(object)) object[key] = restoreUndefined(object[key]);
  return object;
}

export function writeLine(line: Line): string {
  return `${MARK}${JSON.stringify(line, encode)}\n`;
}

export function readLine(text: string): Line {
  return restoreUndefined(JSON.parse(text.slice(MARK.length), decode)) as Line;
}
