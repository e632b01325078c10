/**
 * Scenarios: moving parts of a message while the client waits, and buffers that are not copied.
 */
import {
  createIov,
  MsgRead,
  MsgReadv,
  MsgReceive,
  MsgReply,
  MsgSend,
  MsgWrite,
  MsgWritev,
  sharedAcquire,
  sharedMessage,
  sharedRelease,
  sharedView,
} from "reattach";
import { BYTES, expect, type Round, type Scenario } from "./scenario.js";
import { OK, openServer, receiver, serverChannel } from "./setup.js";

function asker(): Round {
  const coid = openServer();
  const message = new Uint8Array(BYTES);
  const reply = new Uint8Array(BYTES);
  return () => expect(MsgSend(coid, message, BYTES, reply, BYTES), OK);
}

/** A server that does something between receive and reply. */
function holder(act: (rcvid: number, buffer: Uint8Array) => void): () => Round {
  return () => {
    const receive = receiver(serverChannel());
    const buffer = new Uint8Array(BYTES);
    return () => {
      const rcvid = receive();
      act(rcvid, buffer);
      expect(MsgReply(rcvid, 0, null, 0), OK);
    };
  };
}

function inParts(move: (rcvid: number, iov: ReturnType<typeof createIov>[]) => number) {
  return (): Round => {
    const receive = receiver(serverChannel());
    const iov = [createIov(new Uint8Array(8)), createIov(new Uint8Array(24))];
    return () => {
      const rcvid = receive();
      expect(move(rcvid, iov), 32);
      expect(MsgReply(rcvid, 0, null, 0), OK);
    };
  };
}

export const moveScenarios: readonly Scenario[] = [
  {
    title: "MsgRead: from the middle of the message",
    server: holder((rcvid, buffer) => expect(MsgRead(rcvid, buffer, 24, 8), 24)),
    client: asker,
  },
  {
    title: "MsgReadv: into parts",
    server: inParts((rcvid, iov) => MsgReadv(rcvid, iov, 2, 4)),
    client: asker,
  },
  {
    title: "MsgWrite: into the middle of the reply",
    server: holder((rcvid, buffer) => expect(MsgWrite(rcvid, buffer, 24, 8), 24)),
    client: asker,
  },
  {
    title: "MsgWritev: from parts",
    server: inParts((rcvid, iov) => MsgWritev(rcvid, iov, 2, 4)),
    client: asker,
  },
  {
    title: "sharedAcquire, sharedView, sharedMessage, sharedRelease: a message in place",
    server() {
      const receive = receiver(serverChannel());
      return () => {
        const rcvid = receive();
        const view = sharedView(sharedMessage(rcvid));
        if (view === null) throw new Error("no view");
        view[0]!++;
        expect(MsgReply(rcvid, 0, null, 0), OK);
      };
    },
    client() {
      const coid = openServer();
      return () => {
        const index = sharedAcquire();
        const view = sharedView(index);
        if (view === null) throw new Error(`sharedAcquire: ${index}`);
        view[0] = 1;
        expect(MsgSend(coid, view, view.length, null, 0), OK);
        expect(view[0], 2);
        expect(sharedRelease(index), OK);
      };
    },
  },
  {
    title: "MsgReceive: an rcvid that is over, and a buffer that is too small",
    server() {
      const chid = serverChannel();
      const message = new Uint8Array(8);
      return () => {
        const rcvid = MsgReceive(chid, message, 8, null);
        expect(MsgReply(rcvid, 0, null, 0), OK);
        if (MsgReply(rcvid, 0, null, 0) >= 0) throw new Error("answered twice");
      };
    },
    client: asker,
  },
];
