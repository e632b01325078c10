/**
 * The contract suite across two boards, with the broker for development and with one that people
 * have.
 */
import test from "tape";
import { startBroker } from "../../../../hosts/node/net/broker.js";
import { playFarContract } from "./far-contract.js";
import { mosquittoTest, startMosquitto } from "./mosquitto.js";

test("the contract across two boards, with aedes", async (t) => {
  const broker = await startBroker(0);
  t.teardown(() => broker.stop());
  await playFarContract(t, broker.url);
});

mosquittoTest("the contract across two boards, with mosquitto", [], async (t) => {
  await playFarContract(t, (await startMosquitto(t)).url);
});
