/**
 * Errors of what the user wrote: a command line, a manifest, a program. Their messages say all
 * there is to know, so the command line prints them without a stack and ends with exit code 2.
 */

/** Something that the user wrote is wrong. */
export class InputError extends Error {
  /** What is wrong: sentences that name the place, what was found and what is allowed. */
  readonly problems: readonly string[];

  constructor(message: string, problems: readonly string[]) {
    super(message);
    this.problems = problems;
  }

  override get name(): string {
    return "InputError";
  }
}

/** A wrong command line; ends at its first problem. */
export class UsageError extends InputError {
  constructor(problem: string) {
    super(problem, [problem]);
  }

  override get name(): string {
    return "UsageError";
  }
}
