/**
 * What a task has asked the manager for goes with the task. So one that has is there to stay.
 */
import { delay } from "reattach";

const LOOK_MS = 60_000;

/** Sleeps for ever. */
export function stay(): never {
  for (;;) delay(LOOK_MS);
}
