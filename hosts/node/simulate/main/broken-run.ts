/**
 * What a simulation rejects with that cannot go on.
 */

/** A run that cannot go on, and will not repeat: what a task has done to its thread. */
export class BrokenRun extends Error {
  /** The task; "" when it is not known which. */
  readonly task: string;

  constructor(task: string, text: string) {
    super(text);
    this.task = task;
  }

  override get name(): string {
    return "BrokenRun";
  }
}
