/**
 * What the boards of the building have in common.
 */
import { call, defineService, f32, text, u32 } from "reattach/service";

/** Keeps what greenhouses have measured. Two boards offer it: one is enough. */
export const Log = defineService("log", {
  /** `number` counts the notes of a board, from 1 on. The answer is how many there are by now. */
  note: call({ board: text(15), number: u32, degrees: f32 }, { count: u32 }, { once: true }),
});
