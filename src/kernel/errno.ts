/**
 * Error numbers, with the values of QNX's <errno.h>. A call returns them negated: `-EBADF`.
 */

/** No error. */
export const EOK = 0;
/** Not permitted. */
export const EPERM = 1;
/** No such name. */
export const ENOENT = 2;
/** No such task or channel; also: the server died while the message waited for it. */
export const ESRCH = 3;
/** Interrupted. */
export const EINTR = 4;
/** The device answers wrongly, or not at all. */
export const EIO = 5;
/** The server is terminating. */
export const ENXIO = 6;
/** No such connection; also: the channel behind it is gone. */
export const EBADF = 9;
/** A fixed-size table or ring is full; later there may be room. */
export const EAGAIN = 11;
/** No memory. */
export const ENOMEM = 12;
/** This caller may not. */
export const EACCES = 13;
/** Not a buffer, or a buffer too small for what has to go into it. */
export const EFAULT = 14;
/** Busy. */
export const EBUSY = 16;
/** It is there already. */
export const EEXIST = 17;
/** No such device. */
export const ENODEV = 19;
/** Invalid argument. */
export const EINVAL = 22;
/** The system's connection table is full. */
export const ENFILE = 23;
/** The task's connection numbers are used up. */
export const EMFILE = 24;
/** The device has no such operation. */
export const ENOTTY = 25;
/** The device is full. */
export const ENOSPC = 28;
/** It can only be read. */
export const EROFS = 30;
/** The result does not fit. */
export const ERANGE = 34;
/** The call would wait for itself: a loopback send, or a blocking call on the main VM. */
export const EDEADLK = 45;
/** It was called off. */
export const ECANCELED = 47;
/** Not supported. */
export const ENOTSUP = 48;
/** There is no data. */
export const ENODATA = 61;
/** The other side does not keep to the protocol. */
export const EPROTO = 71;
/** Name too long. */
export const ENAMETOOLONG = 78;
/** A length reaches past the end of its buffer. */
export const EOVERFLOW = 79;
/** Nobody handles this message. */
export const ENOSYS = 89;
/** Sent by MsgError: the client sends its message again. */
export const ERESTART = 91;
/** The message is longer than the system's `messageBytes`. */
export const EMSGSIZE = 240;
/** The time set by TimerTimeout is over. */
export const ETIMEDOUT = 260;
/** The other board is down. */
export const EHOSTDOWN = 264;
/** No way to the other board. */
export const EHOSTUNREACH = 265;
/** Only the local node can be reached. */
export const ENOREMOTE = 300;
/** The server's own buffer was bad. */
export const ESRVRFAULT = 312;

/** Errno numbers lie below this; `MsgError` takes no larger one. */
export const ERRNO_LIMIT = 4096;

/** Names by number, for people. */
const NAMES: Readonly<Record<number, string>> = Object.freeze({
  [EOK]: "EOK",
  [EPERM]: "EPERM",
  [ENOENT]: "ENOENT",
  [ESRCH]: "ESRCH",
  [EINTR]: "EINTR",
  [EIO]: "EIO",
  [ENXIO]: "ENXIO",
  [EBADF]: "EBADF",
  [EAGAIN]: "EAGAIN",
  [ENOMEM]: "ENOMEM",
  [EACCES]: "EACCES",
  [EFAULT]: "EFAULT",
  [EBUSY]: "EBUSY",
  [EEXIST]: "EEXIST",
  [ENODEV]: "ENODEV",
  [EINVAL]: "EINVAL",
  [ENFILE]: "ENFILE",
  [EMFILE]: "EMFILE",
  [ENOTTY]: "ENOTTY",
  [ENOSPC]: "ENOSPC",
  [EROFS]: "EROFS",
  [ERANGE]: "ERANGE",
  [EDEADLK]: "EDEADLK",
  [ECANCELED]: "ECANCELED",
  [ENOTSUP]: "ENOTSUP",
  [ENODATA]: "ENODATA",
  [EPROTO]: "EPROTO",
  [ENAMETOOLONG]: "ENAMETOOLONG",
  [EOVERFLOW]: "EOVERFLOW",
  [ENOSYS]: "ENOSYS",
  [ERESTART]: "ERESTART",
  [EMSGSIZE]: "EMSGSIZE",
  [ETIMEDOUT]: "ETIMEDOUT",
  [EHOSTDOWN]: "EHOSTDOWN",
  [EHOSTUNREACH]: "EHOSTUNREACH",
  [ENOREMOTE]: "ENOREMOTE",
  [ESRVRFAULT]: "ESRVRFAULT",
});

/**
 * The name of a call's result: "EBADF" for -EBADF (or EBADF), the number itself for others, and ""
 * for what is no number.
 */
export function errnoName(result: number): string {
  if (typeof result !== "number") return "";
  return NAMES[result < 0 ? -result : result] ?? String(result);
}

/**
 * Added to EBADF and ESRCH when the kernel itself found the connection lost, so that the HA cover
 * can tell it from a server that answered with MsgError(rcvid, ESRCH). Results below -LOST never
 * leave the library.
 */
export const LOST = 0x1_0000;

/** There is no result, or none yet: of functions inside the library. No call returns a fraction. */
export const NO_RESULT = 0.5;
