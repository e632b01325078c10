/**
 * Scenarios: channels, connections, names and dispatch.
 */
import {
  ChannelCreate,
  ChannelDestroy,
  ConnectAttach,
  ConnectClientInfo,
  ConnectDetach,
  ConnectFlags,
  ConnectServerInfo,
  createClientInfo,
  createServerInfo,
  type Dispatch,
  dispatch_block,
  dispatch_context_alloc,
  dispatch_create,
  dispatch_handler,
  ENOENT,
  ETIMEDOUT,
  message_attach,
  MsgReply,
  MsgSend,
  MsgSendPulse,
  name_attach,
  name_close,
  name_detach,
  name_open,
  pulse_attach,
  waitForName,
} from "reattach";
import { BYTES, expect, SERVER, type Scenario } from "./scenario.js";
import { OK, openServer, receiver, serverChannel } from "./setup.js";

const MESSAGE_TYPE = 0x101;
const PULSE_CODE = 9;

function dispatcher(): Dispatch {
  const dpp = dispatch_create();
  if (typeof dpp === "number") throw new Error(`dispatch_create: ${dpp}`);
  const answer = (ctp: { rcvid: number }): number => MsgReply(ctp.rcvid, 0, null, 0);
  expect(message_attach(dpp, MESSAGE_TYPE, MESSAGE_TYPE, answer, null), OK);
  expect(
    pulse_attach(dpp, 0, PULSE_CODE, () => 0, null),
    PULSE_CODE,
  );
  expect(name_attach(dpp, SERVER, 0), dpp.chid);
  return dpp;
}

export const tableScenarios: readonly Scenario[] = [
  {
    title: "ChannelCreate, ConnectAttach, ConnectDetach, ChannelDestroy",
    client: () => () => {
      const chid = ChannelCreate(0);
      expect(ConnectDetach(ConnectAttach(0, 0, chid, 0, 0)), OK);
      expect(ChannelDestroy(chid), OK);
    },
  },
  {
    title: "ConnectServerInfo, ConnectFlags",
    client() {
      const chid = ChannelCreate(0);
      const coid = ConnectAttach(0, 0, chid, 0, 0);
      const info = createServerInfo();
      return () => {
        expect(ConnectServerInfo(0, coid, info), coid);
        expect(ConnectFlags(0, coid, 0, 0), OK);
      };
    },
  },
  {
    title: "ConnectClientInfo: of the message in hand",
    server() {
      const chid = serverChannel();
      const info = createClientInfo();
      const receive = receiver(chid);
      return () => {
        const rcvid = receive();
        expect(ConnectClientInfo(-1, info), OK);
        expect(MsgReply(rcvid, 0, null, 0), OK);
      };
    },
    client() {
      const coid = openServer();
      return () => expect(MsgSend(coid, null, 0, null, 0), OK);
    },
  },
  {
    title: "name_attach, name_open, name_close, name_detach",
    client: () => () => {
      const chid = name_attach(null, "a-service", 0);
      expect(name_close(name_open("a-service", 0)), OK);
      expect(name_detach(chid, 0), OK);
    },
  },
  {
    title: "name_open: no such name",
    client: () => () => expect(name_open("nobody-has-this", 0), -ENOENT),
  },
  {
    title: "waitForName: 1 ms in vain",
    client: () => () => expect(waitForName("nobody-has-this", 1), -ETIMEDOUT),
  },
  {
    title: "dispatch_block, dispatch_handler: messages and pulses",
    server() {
      const ctp = dispatch_context_alloc(dispatcher());
      return () => {
        for (let i = 0; i < 2; i++) {
          expect(dispatch_block(ctp), OK);
          dispatch_handler(ctp);
        }
      };
    },
    client() {
      const coid = openServer();
      const message = new Uint8Array(BYTES);
      message[0] = MESSAGE_TYPE & 0xff;
      message[1] = MESSAGE_TYPE >> 8;
      return () => {
        expect(MsgSendPulse(coid, 40, PULSE_CODE, 1), OK);
        expect(MsgSend(coid, message, BYTES, null, 0), OK);
      };
    },
  },
];
