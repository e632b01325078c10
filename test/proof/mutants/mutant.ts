/**
 * What a mutant is: one bug of the protocol, as a change of one source text.
 */

export interface Mutant {
  /** What is wrong, as a sentence without its full stop. */
  readonly name: string;
  /** Path from the root of the repository. */
  readonly file: string;
  /** Occurs exactly once in the file. */
  readonly find: string;
  readonly replace: string;
  /** Invariants of docs/verification.md that it breaks; none: a promise of a layer above them. */
  readonly breaks: readonly number[];
  /** Only an interleaving shows it: the explorer's scenarios that are searched for it first. */
  readonly scenarios?: readonly string[];
}

/** The text with the bug in it. Throws when the mutant does not fit any more, or does not parse. */
export function mutate(text: string, { name, file, find, replace }: Mutant): string {
  const parts = text.split(find);
  if (parts.length !== 2) {
    throw new Error(
      `mutant "${name}": found its text ${parts.length - 1} times in ${file}, expected once`,
    );
  }
  return parts.join(replace);
}
