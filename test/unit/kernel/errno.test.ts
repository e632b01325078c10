/**
 * Errno numbers and names.
 */
import test from "tape";
import * as errno from "../../../src/kernel/errno.js";

/** The numbers of QNX's <errno.h>. */
const QNX: Readonly<Record<string, number>> = {
  EOK: 0,
  EPERM: 1,
  ENOENT: 2,
  ESRCH: 3,
  EINTR: 4,
  EIO: 5,
  ENXIO: 6,
  EBADF: 9,
  EAGAIN: 11,
  ENOMEM: 12,
  EACCES: 13,
  EFAULT: 14,
  EBUSY: 16,
  EEXIST: 17,
  ENODEV: 19,
  EINVAL: 22,
  ENFILE: 23,
  EMFILE: 24,
  ENOTTY: 25,
  ENOSPC: 28,
  EROFS: 30,
  ERANGE: 34,
  EDEADLK: 45,
  ECANCELED: 47,
  ENOTSUP: 48,
  ENODATA: 61,
  EPROTO: 71,
  ENAMETOOLONG: 78,
  EOVERFLOW: 79,
  ENOSYS: 89,
  ERESTART: 91,
  EMSGSIZE: 240,
  ETIMEDOUT: 260,
  EHOSTDOWN: 264,
  EHOSTUNREACH: 265,
  ENOREMOTE: 300,
  ESRVRFAULT: 312,
};

test("errno: the numbers are QNX's, and each has its name in both signs", (t) => {
  const table = errno as unknown as Record<string, number>;
  for (const [name, number] of Object.entries(QNX)) {
    t.equal(table[name], number, `${name} is ${number}`);
    t.equal(errno.errnoName(-number), name, `-${number}`);
    t.equal(errno.errnoName(number), name, `${number}`);
  }
  t.ok(Math.max(...Object.values(QNX)) < errno.ERRNO_LIMIT, "all are below ERRNO_LIMIT");
  const exported = Object.keys(table).filter((name) => /^E[A-Z]+$/.test(name));
  t.deepEqual(exported.sort(), Object.keys(QNX).sort(), "there are no others");
  t.end();
});

test("errnoName: the number itself for what has no name", (t) => {
  for (const result of [7, -7, 4096, -4096, 1.5]) {
    t.equal(errno.errnoName(result), String(result), `${result}`);
  }
  t.end();
});
