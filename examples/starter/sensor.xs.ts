/**
 * Tests that run on XS, the engine of the board, with the memory that a board gives each task:
 * npx reattach test --engine xs
 */
import { EOK } from "reattach";
import { open } from "reattach/service";
import type { XsTests } from "reattach/test";
import { Thermometer } from "./thermometer.js";

export const tests: XsTests = {
  "the driver says what the sensor measures"(t) {
    const { read } = open(Thermometer);
    t.equal(read.send(), EOK);
    t.equal(read.reply.celsius, 21);
  },

  "a reading makes no garbage in who asks for it"(t) {
    const { read } = open(Thermometer);
    const ask = (): void => void read.send();
    ask();
    const { slots, chunkBytes } = t.allocated(ask);
    t.equal(slots, 0, "slots");
    t.equal(chunkBytes, 0, "bytes of chunks");
  },
};
