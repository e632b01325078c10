/**
 * Messages between boards that do not agree on how long one may be.
 */
import test, { type Test } from "tape";
import { EMSGSIZE } from "reattach";
import { startBroker } from "../../../../hosts/node/net/broker.js";
import type { ContractCase } from "../../../contract/board.js";
import { connect, filled, receive, send, serve } from "../../../contract/steps.js";
import { FarStage } from "./far-stage.js";

const SHORT = { messageBytes: 64 };
const LONG = { messageBytes: 128 };
const BYTES = 100;

/** The first puppet, on the attic, is the server. */
function sizeCase(title: string, run: ContractCase["run"]): ContractCase {
  return { title, puppets: 2, run };
}

async function play(t: Test, attic: object, cellar: object, each: ContractCase): Promise<void> {
  const broker = await startBroker(0);
  t.teardown(() => broker.stop());
  const stage = await FarStage.open(each, broker.url, { attic, cellar });
  t.teardown(() => stage.close());
  await stage.play(each, t);
}

const replies = sizeCase("a reply", async (t, _board, server, client) => {
  const { chid, coid } = await connect(server, client);
  for (const room of [BYTES, LONG.messageBytes, 2 * LONG.messageBytes]) {
    const sent = client.result("MsgSend", coid, null, 0, filled(room), room);
    const { rcvid, info } = await receive(server, chid);
    t.equal(info.dstmsglen, room, `room for ${room} bytes`);
    t.equal(await server.result("MsgReply", rcvid, 0, filled(BYTES), BYTES), 0, "may be sent");
    t.equal(await sent, -EMSGSIZE, "but does not fit where it comes to");
  }
  const sent = client.call("MsgSend", coid, null, 0, filled(SHORT.messageBytes), 64);
  const { rcvid } = await receive(server, chid);
  await server.result("MsgReply", rcvid, 7, filled(BYTES, 5), BYTES);
  const { result, args } = await sent;
  t.equal(result, 7, "with room for less it is cut, as everywhere");
  t.deepEqual(args[3], filled(SHORT.messageBytes, 5), "to what there is room for");
});

test("MsgSend: -EMSGSIZE for a reply that is too long for the client's board", (t) =>
  play(t, LONG, SHORT, replies));

const messages = sizeCase("a message", async (t, _board, server, client) => {
  const { chid, coid } = await connect(server, client);
  const long = await client.result("MsgSend", coid, filled(BYTES), BYTES, null, 0);
  t.equal(long, -EMSGSIZE, "it fits where it comes from, and not where it goes to");
  const sent = send(client, coid, "short");
  t.equal(await serve(server, chid, 3), "short", "the next one is received");
  t.equal(await sent, 3, "and answered");
});

test("MsgSend: -EMSGSIZE for a message that is too long for the server's board", (t) =>
  play(t, SHORT, LONG, messages));
