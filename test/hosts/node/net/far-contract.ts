/**
 * The contract suite across two boards: its message cases, as they are, with a broker between
 * client and server. Groups that are about one board (its tables, its main VM, its names) are not
 * here; single cases of the others that are stand in LEFT_OUT.
 */
import type { Test } from "tape";
import type { ContractCase } from "../../../contract/board.js";
import { messageCases } from "../../../contract/index.js";
import { byBoard } from "../puppets.js";
import { FAR_PUPPETS_MAX, FarStage } from "./far-stage.js";

/** Cases of what is other across boards, by what that is: docs/boards.md tells users. */
const LEFT_OUT: Readonly<Record<string, readonly string[]>> = {
  "pid, chid, scoid, numbers of connections and how many services there are": [
    "MsgReceive: info says who sent what, through which connection, and how much",
    "MsgReceive: who sends again goes to the end of its priority's queue",
    "MsgSendPulse: priority, code and value arrive as they were sent",
    "MsgSendPulse: pulses of several clients, each with its scoid",
    "MsgSend: recovers when the server dies while the message is held, or queued",
    "getpid, getprio, systemLimits: what a task knows of itself",
    "ha_ConnectAttach: a coid that is HA-aware from the beginning, or an error of either half",
    "ha_creat: ha_open for what is registered; -ENOENT where no manager knows the service",
    "ha_dup: of a plain connection, of a lost one, of none, and when there is no room",
    "ha_reopen: over to another service and back",
    "MsgWrite: any part of the client's room, and nothing past its end",
    "ConnectDetach: inside the recovery function the number may be taken again by hand",
  ],
  "a service has another name there": [
    "restartRecovery: rebuild restores the session; when it cannot, all begins again",
    "serve: -EEXIST when the name is taken, at once and with nothing left behind",
  ],
  "a gateway receives at once: nobody is SEND-blocked, and a limit for that alone ends nothing": [
    "TimerTimeout: SEND: -ETIMEDOUT when nobody receives, and the message is gone",
    "TimerTimeout: SEND and 0: a waiting server gets the message, and the reply is awaited",
    "TimerTimeout: REPLY and 0, queued: -ETIMEDOUT when a server comes, which never sees it",
    "death: a server that is itself SEND-blocked: its message is gone",
  ],
  "a server learns later that its client has given up, or is dead": [
    "rcvid: stale after the client's time limit",
    "rcvid: stale after the client's death, and for its successor",
    "TimerTimeout: REPLY: -ETIMEDOUT when no reply comes; a late one gets -ESRCH",
    "death: a client that dies SEND-blocked takes its message with it",
    "death: a client that dies REPLY-blocked gets no answer, and the server goes on",
    "open: TimerTimeout limits it and is used up; in front of a call it limits both",
    "TimerTimeout in front of a call that connects first: the server answers only the connect",
    "send: a call that is answered later; a client that dies meanwhile is forgotten",
    "open: -ETIMEDOUT when nobody comes; each call tries again, and finds a late server",
    "MsgSend: a time limit holds for the whole call, recovery included",
  ],
  "a client learns later that its server is gone, and gets -ESRCH for -EBADF": [
    "MsgSend: -EBADF to a server that died RECEIVE-blocked",
    "MsgSend: the original error when the function detaches the connection",
    "MsgSend: all eight names recover, and MsgSendPulse",
    "MsgSend: after two recoveries one inside the other the third is refused",
    "ha_attach: -EEXIST for a second function, unless HAREPLACERECOVERYFN replaces the first",
    "ha_attach: function and handle may be changed, also from inside",
    "ha_attach: one function serves many connections, each with its handle",
    "ha_attach: a handler of pulses may change the recovery function",
    "ha_ReConnectAttach: an error leaves the connection as it was",
    "ha_detach: inside the recovery function the message still goes out, the next fails",
    "ha_close: inside the recovery function: the original error, and the number is free",
    "ha_close: takes the recovery with the number: the next connection is a plain one",
    "ha_ConnectDetach: takes the recovery with the number: the next connection is a plain one",
    "death: a server that is itself REPLY-blocked: both sides are told",
    "death: a server killed in full traffic: each of its clients gets -ESRCH or -EBADF",
    "TimerTimeout: a dead channel and a loopback are noticed before the limit is",
    "ha_connection_ctrl: ICOUNT limits the calls of the function for one failure",
    "restartRecovery: gives up after its time: the original error",
    "ConnectDetach: takes the recovery with the number: the next connection is a plain one",
    "name_close: takes the recovery with the number: the next connection is a plain one",
  ],
  "a priority that is raised later stays on its board": [
    "MsgReceive: a sender whose priority was raised while it is queued moves up",
  ],
  "a pulse comes later, in the order of sending, and is lost where there is no room": [
    "TimerTimeout: RECEIVE and 0: takes what is there, else -ETIMEDOUT",
    "MsgSendPulse: raises the server as a message does",
    "MsgReceive: pulses and messages in one order of priority and arrival",
    "MsgSendPulse: by priority, and within one in the order they were sent",
    "MsgSendPulse: -EAGAIN when the channel is full, and none is lost",
  ],
};

function farCases(): readonly ContractCase[] {
  const titles = new Set(messageCases.map(({ title }) => title));
  const leftOut = new Set(Object.values(LEFT_OUT).flat());
  for (const title of leftOut) if (!titles.has(title)) throw new Error(`no case: "${title}"`);
  // A case with one puppet needs no other board; those with many play what those with five do.
  const isFar = ({ title, puppets }: ContractCase): boolean =>
    puppets > 1 && puppets <= FAR_PUPPETS_MAX && !leftOut.has(title);
  return byBoard(messageCases.filter(isFar));
}

/** Plays the cases, or one in so many, with the broker at this address. */
export async function playFarContract(
  t: Test,
  broker: string,
  { oneIn = 1 }: { readonly oneIn?: number } = {},
): Promise<void> {
  let stage: FarStage | null = null;
  const close = async (): Promise<void> => {
    const last = stage;
    stage = null;
    await last?.close();
  };
  const cases = farCases().filter((_, i) => i % oneIn === 0);
  for (const each of cases) {
    if (stage !== null && !stage.isFor(each)) await close();
    stage ??= await FarStage.open(each, broker);
    t.comment(each.title);
    try {
      await stage.play(each, t);
    } catch (error) {
      t.fail(`${each.title}: ${String(error)}`);
      await close();
    }
  }
  await close();
  t.pass(`${cases.length} cases`);
}
