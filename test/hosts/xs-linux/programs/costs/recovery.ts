/**
 * Scenarios: the cover that sends again, and the send of the main VM.
 */
import {
  ChannelDestroy,
  createMsgInfo,
  EAGAIN,
  ha_attach,
  ha_connection_ctrl,
  ha_reopen,
  HA_RECOVERY_ENABLE,
  HA_RECOVERY_ICOUNT,
  HA_RECOVERY_RESET_ICOUNT,
  HA_RECOVERY_SUSPEND,
  HAREPLACERECOVERYFN,
  Ledger,
  type RecoveryFunction,
  MsgReceive,
  MsgReply,
  MsgSend,
  name_attach,
  name_open,
  restartRecovery,
  sendAsync,
} from "reattach";
import { BYTES, expect, type Round, SERVER, type Scenario } from "./scenario.js";
import { OK, openServer, receiver, serverChannel } from "./setup.js";

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

function coveredOnce(): Round {
  return coveredSender(reopen);
}

/** Reconnects by name, until the server is there again. */
function reopen(lost: number): number {
  for (;;) {
    const coid = ha_reopen(lost, SERVER, 0);
    if (coid === lost) return lost;
  }
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
export const DEEPEST = "MsgSend: recovered, and in its recovery another one is";

/**
 * As deep in the stack as it gets: while one connection is recovered, a message on another has to
 * be recovered too, and tells the new server something first.
 */
function deepSender(): Round {
  const outer = openServer();
  const inner = openServer();
  const bytes = new Uint8Array(BYTES);
  const greeting = new Uint8Array(BYTES);
  const greet = (coid: number): boolean => MsgSend(coid, greeting, BYTES, null, 0) === OK;
  // So that the first server gets as many messages as all others.
  expect(greet(inner) && greet(inner) ? 1 : 0, 1);
  const rebuild = (): boolean => MsgSend(inner, greeting, BYTES, null, 0) === OK;
  expect(ha_attach(inner, restartRecovery(SERVER, { rebuild: greet }), null, 0), OK);
  expect(ha_attach(outer, restartRecovery(SERVER, { rebuild }), null, 0), OK);
  return () => expect(MsgSend(outer, bytes, BYTES, bytes, BYTES), OK);
}

/** A server that keeps a ledger: nothing is repeated, so each message is counted and committed. */
function ledgerServer(): Round {
  const chid = serverChannel();
  const ledger = new Ledger({ stateBytes: 8, replyBytes: 8, clients: 1 });
  const message = new Uint8Array(BYTES);
  const info = createMsgInfo();
  return () => {
    const rcvid = MsgReceive(chid, message, BYTES, info);
    expect(ledger.answers(rcvid, info) ? 1 : 0, 0);
    ledger.state[0]! += 1;
    expect(ledger.reply(rcvid, info, 0, message, 8), OK);
  };
}

/** The same, whose ledger is asked to answer what it has answered: info of the last message. */
function repeatingServer(): Round {
  const chid = serverChannel();
  const ledger = new Ledger({ stateBytes: 8, replyBytes: 8, clients: 1 });
  const message = new Uint8Array(BYTES);
  const info = createMsgInfo();
  return () => {
    const rcvid = MsgReceive(chid, message, BYTES, info);
    ledger.reply(0, info, 0, message, 8);
    expect(ledger.answers(rcvid, info) ? 1 : 0, 1);
  };
}

/** Switches recovery off and on, and sets its limits and its function. */
function controller(): Round {
  serverChannel();
  const coid = openServer();
  expect(ha_attach(coid, reopen, null, 0), OK);
  return () => {
    expect(ha_connection_ctrl(coid, HA_RECOVERY_SUSPEND), OK);
    expect(ha_connection_ctrl(coid, HA_RECOVERY_ENABLE), OK);
    expect(ha_connection_ctrl(coid, HA_RECOVERY_ICOUNT, 3), OK);
    expect(ha_connection_ctrl(coid, HA_RECOVERY_RESET_ICOUNT), OK);
    expect(ha_attach(coid, reopen, null, HAREPLACERECOVERYFN), OK);
  };
}

export const recoveryScenarios: readonly Scenario[] = [
  {
    title: "MsgSend: recovered by restartRecovery",
    server: () => restarter(1),
    client: () => coveredSender(restartRecovery(SERVER)),
  },
  { title: "Ledger: a message that is counted", server: ledgerServer, client: coveredOnce },
  { title: "Ledger: a message that is repeated", server: repeatingServer, client: coveredOnce },
  { title: "ha_connection_ctrl, and ha_attach in place of another", client: controller },
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
    server: () => restarter(3),
    client: deepSender,
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
