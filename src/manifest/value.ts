/**
 * Values of a manifest that nobody has checked yet: what they are, and how a report shows them.
 */

/** A JSON object whose values nobody has checked yet. */
export type JsonObject = Record<string, unknown>;

/** Is it an object, and neither null nor an array? */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Longer values are cut: the start is enough to find the place. */
const FOUND_CHARS_MAX = 60;

/** A value as it stands in the manifest, for "found …". */
export function found(value: unknown): string {
  if (value === undefined) return "nothing";
  const text = JSON.stringify(value);
  return text.length > FOUND_CHARS_MAX ? `${text.slice(0, FOUND_CHARS_MAX)}…` : text;
}
