/**
 * Acts with the dispatch layer: handlers are functions, so the puppet has a dispatch handle of its
 * own and a few kinds of handlers, which write down what they were called with.
 */
import {
  type Dispatch,
  dispatch_block,
  dispatch_context_alloc,
  dispatch_create,
  dispatch_destroy,
  dispatch_handler,
  dispatch_timeout,
  type DispatchContext,
  ha_attach,
  HAREPLACERECOVERYFN,
  message_attach,
  message_detach,
  MsgReply,
  pulse_attach,
  pulse_detach,
} from "reattach";
import { keepChannel } from "./own.js";

let dpp: Dispatch;
let ctp: DispatchContext;
let handled: number[] = [];

/** Answers with its handle, and the message's own bytes. */
function answer(context: DispatchContext, type: number, status: unknown): void {
  handled.push(type);
  MsgReply(context.rcvid, status as number, context.msg, context.info.msglen);
}

/** Does not answer. */
function hold(_context: DispatchContext, type: number): void {
  handled.push(type);
}

function notePulse(context: DispatchContext, code: number, handle: unknown): void {
  handled.push(code, context.pulse.value, handle as number);
}

export const dispatchActs = {
  /** A new dispatch handle, the one that all other acts use. Its chid. */
  dispatchCreate(): number {
    const made = dispatch_create();
    if (typeof made === "number") return made;
    dpp = made;
    ctp = dispatch_context_alloc(dpp);
    keepChannel(dpp.chid);
    return dpp.chid;
  },

  dispatchDestroy(): number {
    return dispatch_destroy(dpp);
  },

  /** message_attach with a handler that answers with `status`. */
  attachMessages(low: number, high: number, status: number): number {
    return message_attach(dpp, low, high, answer, status);
  },

  /** message_attach with a handler that does not answer. */
  attachHolding(low: number, high: number): number {
    return message_attach(dpp, low, high, hold, null);
  },

  detachMessages(low: number, high: number): number {
    return message_detach(dpp, low, high);
  },

  attachPulse(flags: number, code: number, handle: number): number {
    return pulse_attach(dpp, flags, code, notePulse, handle);
  },

  /** pulse_attach with a handler that gives the connection another recovery function. */
  attachReplacing(code: number, coid: number, result: number): number {
    const replace = (): void => {
      ha_attach(coid, () => result, null, HAREPLACERECOVERYFN);
    };
    return pulse_attach(dpp, 0, code, replace, null);
  },

  detachPulse(code: number): number {
    return pulse_detach(dpp, code);
  },

  dispatchTimeout(ms: number): number {
    return dispatch_timeout(dpp, ms);
  },

  /**
   * Blocks and handles so many times, or until dispatch_block fails; what that returned last.
   * `log` gets the type of each message and code, value and handle of each pulse.
   */
  dispatchLoop(count: number, log: number[]): number {
    handled = log;
    let status = 0;
    for (let i = 0; i < count && status === 0; i++) {
      status = dispatch_block(ctp);
      if (status === 0) dispatch_handler(ctp);
    }
    return status;
  },

  /** The rcvid of the message that was handled last. */
  dispatchRcvid(): number {
    return ctp.rcvid;
  },
};
