/**
 * Whatever a task throws, as text. A death has one, whether an error was thrown, null, or an object
 * that throws again when it is looked at.
 *
 * A program can throw what it likes, and the text is made in its own VM: each step here may run its
 * code, and may throw.
 */

/** What stands for a value that will not be looked at. */
const NO_TEXT = "a value that has no text";
/** How String() begins for an object that says nothing of itself. */
const OBJECT_TEXT = "[object ";

/** A property that is text; empty for any other, and for one that cannot be read. */
function partOf(thrown: object, key: "stack" | "name" | "message"): string {
  try {
    const part = (thrown as Record<string, unknown>)[key];
    return typeof part === "string" ? part : "";
  } catch {
    return "";
  }
}

/** False also for a proxy that throws when it is asked. */
function isError(thrown: object): boolean {
  try {
    return thrown instanceof Error;
  } catch {
    return false;
  }
}

/** String(value); empty when that throws. */
function textOf(thrown: unknown): string {
  try {
    return String(thrown);
  } catch {
    return "";
  }
}

/** The properties of an object that says nothing of itself; empty when they cannot be had. */
function propertiesOf(thrown: unknown): string {
  try {
    return JSON.stringify(thrown) ?? "";
  } catch {
    return "";
  }
}

/** What an error says of itself before its stack: "RangeError: no such pin". Never throws. */
export function headOf(error: object): string {
  const name = partOf(error, "name") || "Error";
  const message = partOf(error, "message");
  return message === "" ? name : `${name}: ${message}`;
}

/**
 * What was thrown, as text: the stack of an error, or as much of it as there is. Never empty, never
 * throws. As long as the program has made it: see shortened().
 */
export function describeThrown(thrown: unknown): string {
  const isObject = typeof thrown === "object" || typeof thrown === "function";
  if (isObject && thrown !== null) {
    const stack = partOf(thrown, "stack");
    if (stack !== "") return stack;
    if (isError(thrown) || partOf(thrown, "message") !== "") return headOf(thrown);
  }
  if (thrown === "") return "an empty string";
  const text = textOf(thrown);
  if (text !== "" && !text.startsWith(OBJECT_TEXT)) return text;
  return propertiesOf(thrown) || text || NO_TEXT;
}

/** How much of a text that is too long is its beginning. The end of a stack says who called. */
const HEAD_SHARE = 0.75;

/** At most `max` characters of a text, 100 or more: its beginning and its end. */
export function shortened(text: string, max: number): string {
  if (text.length <= max) return text;
  const gap = ` … shortened from ${text.length} characters … `;
  const head = Math.floor((max - gap.length) * HEAD_SHARE);
  return text.slice(0, head) + gap + text.slice(text.length - (max - gap.length - head));
}
