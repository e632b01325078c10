/**
 * The common case of messages on a device: in C (native/README.md), which leaves all else to the
 * functions of the kernel. The build puts this file in the place of
 * src/kernel/message/common-case.ts.
 *
 * The calls that tasks make are the functions of C themselves: a function of JavaScript around them
 * would cost as much as all that they do. C finds what it leaves as methods of $vm.messages.
 */
import { arm, attach } from "reattach/moddable/messages";
import type { HostMessages, HostPort } from "../../src/host.js";
import * as L from "../../src/arena/layout.js";
import { MsgReceive } from "../../src/kernel/message/receive.js";
import { MsgError, MsgReply } from "../../src/kernel/message/reply.js";
import { send } from "../../src/kernel/message/send.js";
import { releasePlace } from "../../src/kernel/task/claim.js";
import { obey } from "../../src/kernel/task/doorbell.js";

/** What C calls, by its name. One object for all VMs, in flash. */
const METHODS = Object.freeze({
  arm,
  send,
  MsgReceive,
  MsgReply,
  MsgError,
  obey,
  /** The client of this message has died before it was answered. */
  release: (rcvid: number) =>
    releasePlace(L.TASKS_AT + ((rcvid & L.PID_INDEX_MASK) << L.TASK_SHIFT)),
});

/** Makes what C keeps of a VM. */
export function attachMessages(
  { mayBlock, spinMax, sliceMin_ms }: HostPort,
  words: Int32Array,
  coids: Uint16Array,
  pid: number,
): HostMessages {
  return attach(METHODS, words, coids, pid, mayBlock, spinMax, sliceMin_ms);
}

export { MsgError, MsgReceive, MsgReply, send } from "reattach/moddable/messages";
