/**
 * The contract suite on the device host, on real XS: whole in 64 bit, a small sample in the other
 * modes of the test host, which contract.verify.ts has whole.
 */
import { contractTest } from "./contract.js";
import { MODES } from "./host.js";

/** Those of one kind stand together: each kind is there. */
const SAMPLE = { oneIn: 24 };

MODES.forEach((mode, i) => contractTest(mode, i === 0 ? {} : SAMPLE));
