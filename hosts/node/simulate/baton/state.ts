/**
 * The control block as this thread has it. In a task's life it is outside of the context that the
 * program runs in.
 */
import { type Control, controlIn } from "./control.js";

export let words: Int32Array = new Int32Array(0);
export let doubles: Float64Array = new Float64Array(0);

/** From now on this thread takes part in the simulation with this memory. */
export function open(memory: SharedArrayBuffer): Control {
  const control = controlIn(memory);
  ({ words, doubles } = control);
  return control;
}
