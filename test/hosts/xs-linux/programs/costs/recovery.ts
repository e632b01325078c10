/**
 * Scenarios: the cover that sends again, and the send of the main VM.
 */
import {
  ChannelDestroy,
  EAGAIN,
  ha_attach,
  ha_reopen,
  type RecoveryFunction,
  MsgReceive,
  MsgReply,
  MsgSend,
  name_attach,
  name_open,
  sendAsync,
} from "reattach";
import { BYTES, expect, type Round, SERVER, type Scenario } from "./scenario.js";
import { OK, openServer, receiver, serverChannel } from "./setup.js";

/** What the recovery function sends. */
const GREETING = new Uint8Array(BYTES);

function answerer(): Round {
  const receive = receiver(serverChannel());
  return () => expect(MsgReply(receive(), 0, null, 0), OK);
}

function coveredSender(recover: RecoveryFunction): Round {
  const coid = openServer();
  const bytes = new Uint8Array(BYTES);
  expect(ha_attach(coid, recover, null, 0), OK);
  return () => expect(MsgSend(coid, bytes, BYTES, bytes, BYTES), OK);
}

/** Reconnects by name, until the server is there again. */
function reopen(lost: number): number {
  for (;;) {
    const coid = ha_reopen(lost, SERVER, 0);
    if (coid === lost) return lost;
  }
}

/** The same, and tells the new server what it needs: as deep in the stack as a send can be. */
function reopenAndTell(lost: number): number {
  reopen(lost);
  expect(MsgSend(lost, GREETING, BYTES, null, 0), OK);
  return lost;
}

/** A server whose channel is another one in every round, and gets so many messages. */
function restarter(messages: number): Round {
  const message = new Uint8Array(BYTES);
  return () => {
    const chid = name_attach(null, SERVER, 0);
    for (let i = 0; i < messages; i++) {
      expect(MsgReply(MsgReceive(chid, message, BYTES, null), 0, null, 0), OK);
    }
    expect(ChannelDestroy(chid), OK);
  };
}

/** Sends from the main VM, and polls until the answer is there. */
function asyncSender(poll: () => void, prepare: (coid: number) => void): Round {
  const bytes = new Uint8Array(BYTES);
  const outcome = { coid: -1, isDone: false };
  const done = (status: number): void => {
    expect(status, OK);
    outcome.isDone = true;
  };
  return () => {
    while (outcome.coid < 0) {
      outcome.coid = name_open(SERVER, 0);
      if (outcome.coid >= 0) prepare(outcome.coid);
    }
    outcome.isDone = false;
    expect(sendAsync(outcome.coid, bytes, BYTES, bytes, BYTES, done), OK);
    while (!outcome.isDone) poll();
  };
}

/** On the main VM nobody can wait: call me again. */
function reopenLater(lost: number): number {
  return ha_reopen(lost, SERVER, 0) === lost ? lost : -EAGAIN;
}

/** The scenario whose client needs the most of its stack. */
export const DEEPEST = "MsgSend: recovered by a function that sends too";

export const recoveryScenarios: readonly Scenario[] = [
  {
    title: "MsgSend: covered by a recovery function that is not needed",
    server: answerer,
    client: () => coveredSender(reopen),
  },
  {
    title: "MsgSend: recovered, the channel is another one in every round",
    server: () => restarter(1),
    client: () => coveredSender(reopen),
  },
  {
    title: DEEPEST,
    server: () => restarter(2),
    client: () => {
      expect(MsgSend(openServer(), GREETING, BYTES, null, 0), OK);
      return coveredSender(reopenAndTell);
    },
  },
  {
    title: "sendAsync: from the main VM",
    server: answerer,
    main: (poll) => asyncSender(poll, () => {}),
  },
  {
    title: "sendAsync: recovered on the main VM",
    server: () => restarter(1),
    main: (poll) =>
      asyncSender(poll, (coid) => {
        expect(ha_attach(coid, reopenLater, null, 0), OK);
      }),
  },
];
