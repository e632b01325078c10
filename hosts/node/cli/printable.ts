/**
 * Text that others have written, for a terminal: it is shown, and does nothing there.
 */

/** What a terminal obeys, or does not show: controls, directions of writing, torn characters. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;
/** Nobody reads more of a name. */
const LENGTH_MAX = 64;

/** As JSON escapes it: "\u001b". */
function escaped(character: string): string {
  return Array.from(
    { length: character.length },
    (_, i) => `\\u${character.charCodeAt(i).toString(16).padStart(4, "0")}`,
  ).join("");
}

/** A name or a reason on one line; a long one is cut. */
export function printable(text: string, lengthMax = LENGTH_MAX): string {
  const shown = text.length > lengthMax ? `${text.slice(0, lengthMax - 1)}…` : text;
  return shown.replace(UNPRINTABLE, escaped);
}

/** A value as JSON, which is the same to a program. */
export function printableJson(value: unknown, indent = 0): string {
  const text = JSON.stringify(value, null, indent);
  return text.replace(UNPRINTABLE, (character) =>
    character === "\n" ? character : escaped(character),
  );
}
