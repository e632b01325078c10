/**
 * A sample of the contract suite across two boards; far-contract.verify.ts has it whole.
 */
import test from "tape";
import { startBroker } from "../../../../hosts/node/net/broker.js";
import { playFarContract } from "./far-contract.js";

const SAMPLE = { oneIn: 10 };

test("the contract across two boards, with aedes: a sample", async (t) => {
  const broker = await startBroker(0);
  t.teardown(() => broker.stop());
  await playFarContract(t, broker.url, SAMPLE);
});
