/**
 * What is hot on a device: the message path, and the tick of the main VM.
 */

/**
 * @typedef {object} Hot Functions by name; ".log" means every method of that name.
 * @property {readonly string[]} roots What is called all the time. What it calls is hot too,
 * @property {readonly string[]} exits but for these, and what they are given: they are called when
 *   something has happened, or once.
 */

const MESSAGES = [
  "MsgSend",
  "MsgSendv",
  "MsgSendsv",
  "MsgSendvs",
  "MsgReceive",
  "MsgReceivev",
  "MsgReceivePulse",
  "MsgReceivePulsev",
  "MsgReply",
  "MsgReplyv",
  "MsgError",
  "MsgRead",
  "MsgReadv",
  "MsgWrite",
  "MsgWritev",
  "MsgInfo",
  "MsgCurrent",
  "MsgSendPulse",
  "MsgDeliverEvent",
  "MsgVerifyEvent",
  "packEvent",
  "unpackEvent",
  "readPulse",
  "sendAsync",
  "TimerTimeout",
  "delay",
  "sharedAcquire",
  "sharedMessage",
  "sharedRelease",
  "sharedView",
  "dispatch_block",
  "dispatch_handler",
];

/** A task may connect again and again: what it takes is given back. */
const CONNECTIONS = [
  "ChannelCreate",
  "ChannelDestroy",
  "ConnectAttach",
  "ConnectDetach",
  "ConnectFlags",
  "ConnectServerInfo",
  "ConnectClientInfo",
  "name_attach",
  "name_open",
  "name_close",
  "name_detach",
  "waitForName",
];

const RECOVERY = [
  "ha_attach",
  "ha_connection_ctrl",
  // The recovery function that it returns.
  "restartRecovery/?",
  "beat",
  "declareHealthy",
];

/** @type {Hot} */
export const HOT = {
  roots: [...MESSAGES, ...CONNECTIONS, ...RECOVERY, "Tick.poll", "DevicePort.now"],
  exits: [
    // A line in the log.
    ".log",
    // Made once and kept: a larger buffer, the text of a name, the plan of a connection.
    "addRecovery",
    "convert",
    "createNames",
    "gathered",
    "notePart",
    // A request to the manager.
    "ManagerServer.handle",
    // A task starts, is there, is over or does not leave; the board rests, or restarts.
    ".clear",
    "DeviceBoardPort.#rest",
    "DeviceTaskHost.#bury",
    "DeviceTaskHost.#giveUp",
    "DeviceTaskHost.#launch",
    "DeviceTaskHost.isIdle",
    ".gone",
    ".ready",
    ".spare",
    ".started",
    // The supervisor has decided something.
    "Consequences.#doNext",
    "Supervisor.#apply",
    "Supervisor.#gather",
    "Supervisor.#giveUpStart",
    "Supervisor.#standBy",
    // A task hangs, or stands in a ring.
    ".deadlocked",
    ".kill",
    "Life.isVictim",
    "Life.overdue",
    "Lookout.ringOf",
    // The board has run long enough to be well.
    "Board.#guard",
    "BootCount.#settle",
  ],
};

/** Calls of a service, from their client and in their server. @type {Hot} */
export const HOT_IN_SERVICE = {
  roots: [
    "RemoteCall.send",
    "RemotePulse.send",
    "handleMessage",
    "handlePulse",
    ".answer",
    "Server.receive",
    "Server.run",
    "Server.rcvid",
    "Server.info",
    // The accessors of records.
    ".get",
    ".set",
  ],
  exits: [
    // Once: in front of the first call, and before the first message.
    ".connect",
    ".readFrom",
    "RouteTable.#readFrom",
    // A line in the log.
    "Server.#fail",
    // Asked by clients that connect.
    "VersionRoute.serve",
    // Reading a text makes it.
    "getText",
    // A throw.
    "CallRoute.complain",
  ],
};

/** HAM's part of the tick, until there is something to do. @type {Hot} */
export const HOT_IN_HAM = { roots: ["HamModel.poll"], exits: ["Jobs.#advance"] };
