/**
 * The dispatch layer: a receive loop that calls a function for each range of message types and each
 * pulse code. The type of a message is its first two bytes, little-endian.
 *
 * What nobody handles is answered all the same: a message with ENOSYS, an unblock request with the
 * client's own error, a disconnect by detaching the scoid. So a dispatch channel can ask for the
 * kernel's pulses without having to handle them.
 */
import { areFlags, isInt32, isRecord, isTime, isUint32 } from "./argument.js";
import {
  _NTO_CHF_COID_DISCONNECT,
  _NTO_CHF_DISCONNECT,
  _NTO_CHF_UNBLOCK,
  ChannelCreate,
  ChannelDestroy,
} from "./channel/channel.js";
import { ConnectDetach } from "./connection/connect-attach.js";
import { EAGAIN, EBUSY, EINVAL, ENOSYS } from "./errno.js";
import {
  _PULSE_CODE_DISCONNECT,
  _PULSE_CODE_MAXAVAIL,
  _PULSE_CODE_MINAVAIL,
  _PULSE_CODE_UNBLOCK,
  readPulse,
} from "./pulse/pulse.js";
import { MsgError, MsgReceive } from "./message/common-case.js";
import * as L from "../arena/layout.js";
import { createMsgInfo, createPulse, type MessageInfo, type Pulse } from "../arena/records.js";
import { requireAttached } from "../arena/vm.js";
import { _NTO_TIMEOUT_RECEIVE, TimerTimeout } from "./time/timeout.js";

/** pulse_attach: pick a free code. */
export const MSG_FLAG_ALLOC_PULSE = 0x0000_0001;

/** Highest message type. */
const TYPE_MAX = 0xffff;

/** What a handler is given. Made once by dispatch_context_alloc and used for every message. */
export interface DispatchContext {
  readonly dpp: Dispatch;
  /** The message being handled; 0 for a pulse. */
  rcvid: number;
  /** Its bytes; info.msglen of them count. */
  readonly msg: Uint8Array;
  readonly info: MessageInfo;
  readonly pulse: Pulse;
}

/** Handles a message: it must answer ctp.rcvid, now or later. What it returns is not looked at. */
export type MessageHandler = (ctp: DispatchContext, type: number, handle: unknown) => void;
/** Handles a pulse. */
export type PulseHandler = (ctp: DispatchContext, code: number, handle: unknown) => void;

interface MessageRange {
  readonly low: number;
  readonly high: number;
  readonly handler: MessageHandler;
  readonly handle: unknown;
}

interface PulseRoute {
  readonly code: number;
  readonly handler: PulseHandler;
  readonly handle: unknown;
}

/** A dispatch handle: a channel and who handles what. */
export interface Dispatch {
  readonly chid: number;
  readonly ranges: MessageRange[];
  readonly pulses: PulseRoute[];
  /** dispatch_timeout, in milliseconds; Infinity for none. */
  timeout_ms: number;
}

/**
 * Makes a dispatch handle with a channel of its own. Returns it, or -EAGAIN (all channels are in
 * use), or -EBUSY (the task has a channel with coid-death pulses already). Does not block.
 */
export function dispatch_create(): Dispatch | number {
  const chid = ChannelCreate(_NTO_CHF_DISCONNECT | _NTO_CHF_COID_DISCONNECT | _NTO_CHF_UNBLOCK);
  if (chid < 0) return chid;
  return { chid, ranges: [], pulses: [], timeout_ms: Infinity };
}

/** Destroys the handle's channel. Returns 0, or -EINVAL when that is gone already. */
export function dispatch_destroy(dpp: Dispatch): number {
  if (!isRecord(dpp)) return -EINVAL;
  return ChannelDestroy(dpp.chid);
}

/**
 * Handles messages of type low..high with `handler`. Returns 0, or -EINVAL (not 0 <= low <= high <=
 * 65535, no handle or no function), or -EBUSY (a type among them has a handler).
 */
export function message_attach(
  dpp: Dispatch,
  low: number,
  high: number,
  handler: MessageHandler,
  handle: unknown,
): number {
  if (!isHandle(dpp) || typeof handler !== "function") return -EINVAL;
  if (!isType(low) || !isType(high) || low > high) return -EINVAL;
  for (const range of dpp.ranges) {
    if (low <= range.high && range.low <= high) return -EBUSY;
  }
  dpp.ranges.push({ low, high, handler, handle });
  return 0;
}

function isHandle(dpp: Dispatch): boolean {
  return isRecord(dpp) && Array.isArray(dpp.ranges) && Array.isArray(dpp.pulses);
}

function isType(type: number): boolean {
  return isUint32(type) && type <= TYPE_MAX;
}

/** Takes back message_attach(dpp, low, high, …). Returns 0, or -EINVAL when there is none such. */
export function message_detach(dpp: Dispatch, low: number, high: number): number {
  if (!isHandle(dpp)) return -EINVAL;
  const at = dpp.ranges.findIndex((range) => range.low === low && range.high === high);
  if (at < 0) return -EINVAL;
  dpp.ranges.splice(at, 1);
  return 0;
}

/**
 * Handles pulses of `code` with `handler`; with MSG_FLAG_ALLOC_PULSE of a free code from 0 to 127.
 * Codes of the kernel (_PULSE_CODE_UNBLOCK, …) may be attached too. Returns the code (0 for one of
 * the kernel's, which are negative), or -EINVAL (no code, handle or function, or unknown flag),
 * -EBUSY (it has a handler), -EAGAIN (no free code).
 */
export function pulse_attach(
  dpp: Dispatch,
  flags: number,
  code: number,
  handler: PulseHandler,
  handle: unknown,
): number {
  if (!isHandle(dpp) || typeof handler !== "function") return -EINVAL;
  if (!areFlags(flags, MSG_FLAG_ALLOC_PULSE)) return -EINVAL;
  let chosen = code;
  if (flags !== 0) {
    chosen = _PULSE_CODE_MINAVAIL;
    while (findPulse(dpp, chosen) !== null) chosen++;
    if (chosen > _PULSE_CODE_MAXAVAIL) return -EAGAIN;
  }
  if (!isInt32(chosen) || chosen < -128 || chosen > _PULSE_CODE_MAXAVAIL) return -EINVAL;
  if (findPulse(dpp, chosen) !== null) return -EBUSY;
  dpp.pulses.push({ code: chosen, handler, handle });
  return chosen < 0 ? 0 : chosen;
}

/** Takes back pulse_attach for a code. Returns 0, or -EINVAL when it has no handler. */
export function pulse_detach(dpp: Dispatch, code: number): number {
  if (!isHandle(dpp)) return -EINVAL;
  const at = dpp.pulses.findIndex((route) => route.code === code);
  if (at < 0) return -EINVAL;
  dpp.pulses.splice(at, 1);
  return 0;
}

/** Limits how long dispatch_block waits, in milliseconds; Infinity = no limit. 0, or -EINVAL. */
export function dispatch_timeout(dpp: Dispatch, ms: number): number {
  if (!isRecord(dpp) || !isTime(ms)) return -EINVAL;
  dpp.timeout_ms = ms;
  return 0;
}

/**
 * Makes the buffers for dispatch_block: one for each loop, before it starts. -EINVAL for what is no
 * dispatch handle.
 */
export function dispatch_context_alloc(dpp: Dispatch): DispatchContext;
export function dispatch_context_alloc(dpp: unknown): DispatchContext | number;
export function dispatch_context_alloc(dpp: unknown): DispatchContext | number {
  requireAttached();
  if (!isRecord(dpp)) return -EINVAL;
  const msg = new Uint8Array($words[L.HEAD_MESSAGE_BYTES]);
  return { dpp: dpp as Dispatch, rcvid: 0, msg, info: createMsgInfo(), pulse: createPulse() };
}

/**
 * Waits for the next message or pulse. Returns 0, and dispatch_handler(ctp) is to be called; or
 * -ETIMEDOUT (dispatch_timeout), -ESRCH (the channel is gone), -EINVAL (no context).
 */
export function dispatch_block(ctp: DispatchContext): number {
  if (!isContext(ctp)) return -EINVAL;
  const { dpp } = ctp;
  if (dpp.timeout_ms !== Infinity) TimerTimeout(_NTO_TIMEOUT_RECEIVE, dpp.timeout_ms);
  const rcvid = MsgReceive(dpp.chid, ctp.msg, ctp.msg.length, ctp.info);
  if (rcvid < 0) return rcvid;
  ctp.rcvid = rcvid;
  if (rcvid === 0) readPulse(ctp.msg, ctp.pulse);
  return 0;
}

function isContext(ctp: DispatchContext): boolean {
  return isRecord(ctp) && isRecord(ctp.dpp) && ctp.msg instanceof Uint8Array;
}

/**
 * Calls the handler for what dispatch_block received, or answers for it. Returns 0, or -EINVAL (no
 * context).
 */
export function dispatch_handler(ctp: DispatchContext): number {
  if (!isContext(ctp)) return -EINVAL;
  if (ctp.rcvid === 0) handlePulse(ctp);
  else handleMessage(ctp);
  return 0;
}

function handleMessage(ctp: DispatchContext): void {
  const { ranges } = ctp.dpp;
  const type = ctp.info.msglen < 2 ? -1 : ctp.msg[0] | (ctp.msg[1] << 8);
  for (let i = 0; i < ranges.length; i++) {
    const range = ranges[i] as MessageRange;
    if (type >= range.low && type <= range.high) {
      range.handler(ctp, type, range.handle);
      return;
    }
  }
  MsgError(ctp.rcvid, ENOSYS);
}

function handlePulse(ctp: DispatchContext): void {
  const { code } = ctp.pulse;
  const route = findPulse(ctp.dpp, code);
  if (route !== null) route.handler(ctp, code, route.handle);
  else if (code === _PULSE_CODE_DISCONNECT) ConnectDetach(ctp.pulse.scoid);
  else if (code === _PULSE_CODE_UNBLOCK) MsgError(ctp.pulse.value, -1);
}

function findPulse(dpp: Dispatch, code: number): PulseRoute | null {
  for (let i = 0; i < dpp.pulses.length; i++) {
    const route = dpp.pulses[i] as PulseRoute;
    if (route.code === code) return route;
  }
  return null;
}
