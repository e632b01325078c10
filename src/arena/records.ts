/**
 * Records that calls fill. A caller makes each once and uses it again: nothing is allocated on the
 * message path. Field names are QNX's.
 */

/** struct _msg_info: who sent what, and how much. All lengths in bytes. */
export interface MessageInfo {
  /** Node of the client; 0 is this board. */
  nd: number;
  /** Node of the server as the client sees it; 0 is this board. */
  srcnd: number;
  /** pid of the client. */
  pid: number;
  /** Thread of the client: always 1, a task has one. */
  tid: number;
  /** Channel it came through. */
  chid: number;
  /** The client's connection as the server names it. */
  scoid: number;
  /** The same connection as the client names it. */
  coid: number;
  /** Bytes that were received. */
  msglen: number;
  /** Bytes that were sent. */
  srcmsglen: number;
  /** Bytes of room for the reply. */
  dstmsglen: number;
  /** Priority of the client. */
  priority: number;
  /** _NTO_MI_ bits. */
  flags: number;
  /**
   * Number of the message: another one for each call of this pid, and the same for all
   * transmissions of one call that was recovered. Not QNX's.
   */
  number: number;
  /**
   * 1 for the first transmission that a server may have seen; 8 also for any later than that. Not
   * QNX's.
   */
  attempt: number;
}

/** A new, empty MessageInfo. */
export function createMsgInfo(): MessageInfo {
  return {
    nd: 0,
    srcnd: 0,
    pid: 0,
    tid: 0,
    chid: 0,
    scoid: 0,
    coid: 0,
    msglen: 0,
    srcmsglen: 0,
    dstmsglen: 0,
    priority: 0,
    flags: 0,
    number: 0,
    attempt: 0,
  };
}

/** The client has asked to be unblocked. */
export const _NTO_MI_UNBLOCK_REQ = 0x100;

/** struct _pulse, decoded. */
export interface Pulse {
  /** 0..127 for users, _PULSE_CODE_ constants (negative) for the kernel's. */
  code: number;
  /** What the sender gave; an rcvid for _PULSE_CODE_UNBLOCK, a coid for _PULSE_CODE_COIDDEATH. */
  value: number;
  /** The sender's connection as the server names it; -1 for _PULSE_CODE_COIDDEATH. */
  scoid: number;
  /** The priority it was sent with. */
  priority: number;
}

/** A new, empty Pulse. */
export function createPulse(): Pulse {
  return { code: 0, value: 0, scoid: 0, priority: 0 };
}

/** struct _server_info, filled by ConnectServerInfo. */
export interface ServerInfo {
  nd: number;
  pid: number;
  chid: number;
  scoid: number;
  coid: number;
  /** _NTO_COF_ bits; _NTO_COF_DEAD when the channel is gone. */
  flags: number;
}

/** A new, empty ServerInfo. */
export function createServerInfo(): ServerInfo {
  return { nd: 0, pid: 0, chid: 0, scoid: 0, coid: 0, flags: 0 };
}

/** struct _client_info as far as it means anything without users and groups. */
export interface ClientInfo {
  nd: number;
  pid: number;
}

/** A new, empty ClientInfo. */
export function createClientInfo(): ClientInfo {
  return { nd: 0, pid: 0 };
}

/** One part of a scattered message: `length` bytes from the start of `base`. */
export interface Iov {
  base: Uint8Array;
  length: number;
}

/**
 * Makes one part of a scattered message, of `length` bytes (all of `base` when left out). Whether
 * it is one says the call that it is given to.
 */
export function createIov(base: Uint8Array, length?: number): Iov {
  return { base, length: length ?? (base instanceof Uint8Array ? base.length : 0) };
}
