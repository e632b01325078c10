/**
 * A sample of the contract suite on the emulated chip, with the locks that Atomics take on RISC-V:
 * see contract.verify.ts.
 */
import { contractTest } from "../xs-linux/contract.js";
import { LOCKED_CHIP } from "./chip.js";
import { LONG } from "./contract.js";

/** Those of one kind stand together: each kind is there. */
contractTest(LOCKED_CHIP, { leftOut: LONG, oneIn: 60 });
