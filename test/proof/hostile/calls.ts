/**
 * The calls that a hostile task makes: every function of "reattach" and of "reattach/ham", with
 * what its parameters are, and what its result is remembered as. The modules are handed over: tests
 * have the sources, tasks what their host gives them.
 */
import type { Kind } from "./values.js";

/** One call. */
export interface Call {
  readonly name: string;
  readonly run: (...args: unknown[]) => unknown;
  readonly kinds: readonly Kind[];
  /** The kind of id, or of handle, that it returns. */
  readonly gives: string;
  /** What it returns is no integer: an object, nothing, a fraction, a text. */
  readonly isFree: boolean;
}

const ATTACH: readonly Kind[] = ["index", "pid", "chid", "index", "flags"];
const SEND: readonly Kind[] = ["coid", "bytes", "count", "bytes", "count"];
const RECEIVE: readonly Kind[] = ["chid", "bytes", "count", "info"];
const MOVE: readonly Kind[] = ["rcvid", "bytes", "count", "count"];
const COVER: readonly Kind[] = ["function", "value", "flags"];

/** Parameters, by name. */
const KINDS: Readonly<Record<string, readonly Kind[]>> = {
  ChannelCreate: ["flags"],
  ChannelDestroy: ["chid"],
  ConnectAttach: ATTACH,
  ConnectClientInfo: ["scoid", "clientInfo"],
  ConnectFlags: ["pid", "coid", "flags", "flags"],
  ConnectServerInfo: ["pid", "coid", "serverInfo"],
  ConnectDetach: ["coid"],
  MsgSend: SEND,
  MsgSendnc: SEND,
  MsgSendPulse: ["coid", "priority", "code", "value"],
  MsgSendsv: ["coid", "bytes", "count", "parts", "count"],
  MsgSendsvnc: ["coid", "bytes", "count", "parts", "count"],
  MsgSendv: ["coid", "parts", "index", "parts", "index"],
  MsgSendvnc: ["coid", "parts", "index", "parts", "index"],
  MsgSendvs: ["coid", "parts", "index", "bytes", "count"],
  MsgSendvsnc: ["coid", "parts", "index", "bytes", "count"],
  sendAsync: [...SEND, "function"],
  ha_attach: ["coid", ...COVER],
  ha_connection_ctrl: ["coid", "flags", "value"],
  ha_detach: ["coid"],
  ha_ConnectAttach: [...ATTACH, ...COVER],
  ha_ConnectDetach: ["coid"],
  ha_ReConnectAttach: ["coid", ...ATTACH],
  name_close: ["coid"],
  ha_close: ["coid"],
  ha_creat: ["name", "index", ...COVER],
  ha_dup: ["coid"],
  ha_open: ["name", "index", ...COVER],
  ha_reopen: ["coid", "name", "index"],
  restartRecovery: ["name", "restartOptions"],
  ledgerBytes: ["ledgerOptions"],
  stableCommit: ["bytes", "count"],
  stableRead: ["bytes"],
  MsgReceive: RECEIVE,
  MsgReceivePulse: RECEIVE,
  MsgReceivePulsev: ["chid", "parts", "index", "info"],
  MsgReceivev: ["chid", "parts", "index", "info"],
  MsgReply: ["rcvid", "status", "bytes", "count"],
  MsgReplyv: ["rcvid", "status", "parts", "index"],
  MsgCurrent: ["rcvid"],
  MsgError: ["rcvid", "errno"],
  MsgInfo: ["rcvid", "info"],
  MsgRead: MOVE,
  MsgReadv: ["rcvid", "parts", "index", "count"],
  MsgWrite: MOVE,
  MsgWritev: ["rcvid", "parts", "index", "count"],
  readPulse: ["bytes", "pulse"],
  MsgDeliverEvent: ["rcvid", "event"],
  MsgVerifyEvent: ["rcvid", "event"],
  packEvent: ["event", "bytes", "count"],
  SIGEV_NONE_INIT: ["event"],
  SIGEV_PULSE_INIT: ["event", "coid", "priority", "code", "value"],
  SIGEV_UNBLOCK_INIT: ["event"],
  unpackEvent: ["event", "bytes", "count"],
  TimerTimeout: ["states", "ms"],
  delay: ["ms"],
  name_attach: ["dispatch", "name", "index"],
  name_detach: ["chid", "flags"],
  name_open: ["name", "index"],
  waitForName: ["name", "ms"],
  dispatch_block: ["context"],
  dispatch_context_alloc: ["dispatch"],
  dispatch_destroy: ["dispatch"],
  dispatch_handler: ["context"],
  dispatch_timeout: ["dispatch", "ms"],
  message_attach: ["dispatch", "code", "code", "function", "value"],
  message_detach: ["dispatch", "code", "code"],
  pulse_detach: ["dispatch", "code"],
  pulse_attach: ["dispatch", "flags", "code", "function", "value"],
  sharedMessage: ["rcvid"],
  sharedRelease: ["index"],
  sharedView: ["index"],
  createIov: ["bytes", "count"],
  errnoName: ["errno"],
};

const GIVES: Readonly<Record<string, string>> = {
  ChannelCreate: "chid",
  name_attach: "chid",
  ConnectAttach: "coid",
  name_open: "coid",
  ha_open: "coid",
  ha_creat: "coid",
  ha_dup: "coid",
  ha_ConnectAttach: "coid",
  MsgReceive: "rcvid",
  MsgReceivev: "rcvid",
  getpid: "pid",
  dispatch_create: "dispatch",
  dispatch_context_alloc: "context",
};

/** What these return is no integer. */
const FREE: readonly string[] = [
  "createClientInfo",
  "createEvent",
  "createIov",
  "createMsgInfo",
  "createPulse",
  "createServerInfo",
  "delay",
  "dispatch_context_alloc",
  "dispatch_create",
  "errnoName",
  "ledgerBytes",
  "restartRecovery",
  "sharedView",
  "SIGEV_NONE_INIT",
  "SIGEV_PULSE_INIT",
  "SIGEV_UNBLOCK_INIT",
  "systemLimits",
  "uptime",
];

type Run = Call["run"];

function functionsOf(module: object): [string, Run][] {
  const isPlain = ([name, value]: [string, unknown]): boolean =>
    typeof value === "function" && name !== "Ledger";
  return (Object.entries(module) as [string, Run][]).filter(isPlain);
}

/** A parameter of the manager's calls is a text, or a number of any kind. */
const HAM_KINDS: readonly Kind[] = ["ham", "name", "pid", "chid", "value", "index", "flags"];

/** The functions of "reattach". */
export function kernelCalls(api: object): Call[] {
  return functionsOf(api).map(([name, run]) => ({
    name,
    run,
    kinds: KINDS[name] ?? [],
    gives: GIVES[name] ?? "",
    isFree: FREE.includes(name),
  }));
}

/** The functions of "reattach/ham". */
export function hamCalls(ham: object): Call[] {
  return functionsOf(ham).map(([name, run], at) => ({
    name,
    run,
    kinds: Array.from({ length: run.length }, (_, i) => HAM_KINDS[(i + at) % HAM_KINDS.length]!),
    gives: "ham",
    isFree: false,
  }));
}

/** Functions of "reattach" with parameters that nobody has described here. */
export function undescribed(api: object): string[] {
  return functionsOf(api)
    .filter(([name, run]) => run.length > 0 && !(name in KINDS))
    .map(([name]) => name);
}
