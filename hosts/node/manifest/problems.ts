/**
 * How a wrong manifest is reported: all its problems at once, each a sentence that names the file
 * or key, what was found and what is allowed.
 */
import { InputError } from "../input-error.js";
import { shownPath } from "../shown-path.js";

/** A manifest that cannot be used, with everything that is wrong with it in `problems`. */
export class ManifestError extends InputError {
  constructor(file: string, problems: readonly string[]) {
    const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
    super([`${shownPath(file)}: ${count}`, ...problems].join("\n  "), problems);
  }

  override get name(): string {
    return "ManifestError";
  }
}

/** Longer values are cut: the start is enough to find the place. */
const FOUND_CHARS_MAX = 60;

/** A value as it stands in the manifest, for "found …". */
export function found(value: unknown): string {
  if (value === undefined) return "nothing";
  const text = JSON.stringify(value);
  return text.length > FOUND_CHARS_MAX ? `${text.slice(0, FOUND_CHARS_MAX)}…` : text;
}
