/**
 * Types of reattach-messages.js, "reattach/moddable/messages": the common case of a message in C.
 */
type Bytes = Uint8Array | null;
/**
 * What C keeps of a VM: an object with these methods. Throws a TypeError when `words` are no
 * arena of this build. Of a VM that may not block it keeps nothing, and all calls are ordinary.
 */
export function attach<Methods extends object>(
  methods: Methods,
  words: Int32Array,
  coids: Uint16Array,
  pid: number,
  mayBlock: boolean,
  spinMax: number,
  sliceMin_ms: number,
): Methods;
/** A method of it: the states of the time limit that is armed. */
export function arm(states: number): void;
/**
 * The calls of src/kernel/message/common-case.ts. What is not the common case they hand to the
 * method of the same name of $vm.messages.
 */
export function send(
  coid: number,
  smsg: Bytes,
  sbytes: number,
  rmsg: Bytes,
  rbytes: number,
): number;
export function MsgReceive(chid: number, msg: Bytes, bytes: number, info: object | null): number;
export function MsgReply(rcvid: number, status: number, msg: Bytes, bytes: number): number;
export function MsgError(rcvid: number, errno: number): number;
