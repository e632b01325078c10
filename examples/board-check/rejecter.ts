/**
 * A task whose main is asynchronous, and fails.
 */

/** Rejects, and the task dies. */
export async function main(): Promise<void> {
  await Promise.resolve();
  throw new Error("as it was asked to");
}
