/**
 * The contract suite on the device host, on real XS, in every mode of the test host.
 *
 * CONTRACT_ONE_IN=n plays one case in n.
 */
import test from "tape";
import { contractTest } from "./contract.js";
import { isNative, MODES } from "./host.js";

const oneIn = Number(process.env["CONTRACT_ONE_IN"] ?? 1);

for (const mode of MODES) contractTest(mode, { oneIn });

test("contract suite on XS: what was sampled", (t) => {
  t.comment("sampled the contract suite on XS without C: 32 bit and lossy waits of six modes");
  t.equal(MODES.filter((mode) => !isNative(mode)).length, 2, "two modes without C");
  t.end();
});
