/**
 * The contract suite on the device host, on real XS, in every mode of the test host.
 */
import test from "tape";
import { contractTest } from "./contract.js";
import { isNative, MODES } from "./host.js";

for (const mode of MODES) contractTest(mode);

test("contract suite on XS: what was sampled", (t) => {
  t.comment("sampled the contract suite on XS without C: 32 bit and lossy waits of six modes");
  t.equal(MODES.filter((mode) => !isNative(mode)).length, 2, "two modes without C");
  t.end();
});
