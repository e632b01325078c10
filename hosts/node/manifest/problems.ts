/**
 * How a wrong manifest is reported: all its problems at once, each a sentence that names the file
 * or key, what was found and what is allowed.
 */
import { InputError } from "../input-error.js";
import { shownPath } from "./shown-path.js";

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
