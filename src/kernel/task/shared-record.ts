/**
 * Owners of shared buffers: what frees them beside their owner's sharedRelease.
 */
import { cas } from "../../arena/atomic.js";
import * as L from "../../arena/layout.js";

/** Address of the owner word of the n-th buffer. */
export function sharedOwnerAt(index: number): number {
  return $words[L.HEAD_SHARED_OWNERS_AT] + index;
}

/** Frees the shared buffers of a dead task, into which no server writes any more. Idempotent. */
export function dropShared(owner: number): void {
  for (let i = 0; i < $words[L.HEAD_SHARED_BUFFERS]; i++) cas($words, sharedOwnerAt(i), owner, 0);
}
