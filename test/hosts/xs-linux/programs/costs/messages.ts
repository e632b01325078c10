/**
 * Scenarios: send, receive and reply, plain and in every vector form.
 */
import {
  createIov,
  EINVAL,
  MsgCurrent,
  createMsgInfo,
  MsgError,
  MsgInfo,
  MsgReceive,
  MsgReceivev,
  MsgReply,
  MsgReplyv,
  MsgSend,
  MsgSendnc,
  MsgSendsv,
  MsgSendsvnc,
  MsgSendv,
  MsgSendvnc,
  MsgSendvs,
  MsgSendvsnc,
} from "reattach";
import { BYTES, expect, type Round, type Scenario } from "./scenario.js";
import { OK, openServer, receiver, serverChannel } from "./setup.js";

/** The budgets are measured with this one: as little as possible beside the calls. */
export const ROUND_TRIP = `MsgSend, MsgReceive, MsgReply: ${BYTES} bytes there and back`;

function echo(): Round {
  const chid = serverChannel();
  const message = new Uint8Array(BYTES);
  return () => {
    const rcvid = MsgReceive(chid, message, BYTES, null);
    MsgReply(rcvid, 0, message, BYTES);
  };
}

/** A client that sends with one of the eight calls. */
function sender(send: (coid: number, bytes: Uint8Array, iov: ReturnType<typeof parts>) => number) {
  return (): Round => {
    const coid = openServer();
    const bytes = new Uint8Array(BYTES);
    const iov = parts();
    return () => expect(send(coid, bytes, iov), OK);
  };
}

/** Three parts that hold BYTES together. */
function parts() {
  const array = new Uint8Array(BYTES);
  return [
    createIov(array.subarray(0, 7)),
    createIov(array.subarray(7, 40)),
    createIov(array.subarray(40)),
  ];
}

const sends: Record<string, Scenario["client"]> = {
  MsgSendnc: sender((coid, bytes) => MsgSendnc(coid, bytes, BYTES, bytes, BYTES)),
  MsgSendv: sender((coid, _bytes, iov) => MsgSendv(coid, iov, 3, iov, 3)),
  MsgSendvnc: sender((coid, _bytes, iov) => MsgSendvnc(coid, iov, 3, iov, 3)),
  MsgSendsv: sender((coid, bytes, iov) => MsgSendsv(coid, bytes, BYTES, iov, 3)),
  MsgSendsvnc: sender((coid, bytes, iov) => MsgSendsvnc(coid, bytes, BYTES, iov, 3)),
  MsgSendvs: sender((coid, bytes, iov) => MsgSendvs(coid, iov, 3, bytes, BYTES)),
  MsgSendvsnc: sender((coid, bytes, iov) => MsgSendvsnc(coid, iov, 3, bytes, BYTES)),
};

export const messageScenarios: readonly Scenario[] = [
  {
    title: ROUND_TRIP,
    server: echo,
    client() {
      const coid = openServer();
      const message = new Uint8Array(BYTES);
      const reply = new Uint8Array(BYTES);
      return () => {
        if (MsgSend(coid, message, BYTES, reply, BYTES) !== 0) throw new Error("MsgSend");
      };
    },
  },
  ...Object.entries(sends).map(([name, client]): Scenario => ({
    title: `${name}: an echo`,
    server: echo,
    client: client!,
  })),
  {
    title: "MsgReceivev, MsgReplyv: in parts",
    server() {
      const chid = serverChannel();
      const iov = parts();
      const info = createMsgInfo();
      return () => expect(MsgReplyv(MsgReceivev(chid, iov, 3, info), 0, iov, 3), OK);
    },
    client: sender((coid, bytes) => MsgSend(coid, bytes, BYTES, bytes, BYTES)),
  },
  {
    title: "MsgError: an error for an answer",
    server() {
      const receive = receiver(serverChannel());
      return () => expect(MsgError(receive(), EINVAL), OK);
    },
    client: sender((coid, bytes) => MsgSend(coid, bytes, BYTES, null, 0) + EINVAL),
  },
  {
    title: "MsgInfo, MsgCurrent: while the client waits",
    server() {
      const receive = receiver(serverChannel());
      const info = createMsgInfo();
      return () => {
        const rcvid = receive();
        expect(MsgInfo(rcvid, info), OK);
        expect(MsgCurrent(rcvid), OK);
        expect(MsgReply(rcvid, 0, null, 0), OK);
      };
    },
    client: sender((coid, bytes) => MsgSend(coid, bytes, BYTES, null, 0)),
  },
  {
    title: "MsgSend: a closure in each round, which the check must find",
    allocates: true,
    server: echo,
    client: sender((coid, bytes) => (() => MsgSend(coid, bytes, BYTES, bytes, BYTES))()),
  },
];
