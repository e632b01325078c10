/**
 * The one message of this example: "what do you measure?", and the answer in tenths of a degree.
 */

export const SENSOR = "sensor";
/** Bytes of the answer: one 32-bit word. */
export const ANSWER_BYTES = 4;
