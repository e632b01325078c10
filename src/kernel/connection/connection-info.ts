/**
 * Questions about connections: ConnectFlags, ConnectServerInfo, ConnectClientInfo.
 */
import { areFlags, isInteger, isRecord } from "../argument.js";
import { channelIn, entryAt } from "../../arena/address.js";
import { load } from "../../arena/atomic.js";
import { chidOf } from "../channel/channel.js";
import {
  _NTO_COF_CLOEXEC,
  _NTO_COF_DEAD,
  coidOf,
  entryOf,
  hasNumber,
  isOpen,
  ND_LOCAL_NODE,
  scoidEntry,
  scoidOf,
} from "./connection.js";
import { EBADF, EFAULT, EINVAL, ESRCH } from "../errno.js";
import * as L from "../../arena/layout.js";
import type { ClientInfo, ServerInfo } from "../../arena/records.js";
import { requireAttached } from "../../arena/vm.js";
import { aliveTask } from "../task/task.js";

/**
 * Reads, and changes, the flags of a coid of this task: those in `mask` become as in `bits`. Only
 * _NTO_COF_CLOEXEC can be changed. `pid` 0 is the task itself. Returns the old flags, or -ESRCH (no
 * such task), -EINVAL (another task's, or another flag), -EBADF (no such coid). Does not block.
 */
export function ConnectFlags(ofPid: number, coid: number, mask: number, bits: number): number {
  requireAttached();
  const owner = ofPid === 0 ? $vm.pid : ofPid;
  if (aliveTask(owner) === 0) return -ESRCH;
  if (owner !== $vm.pid || !areFlags(mask, _NTO_COF_CLOEXEC) || !isInteger(bits)) return -EINVAL;
  const entry = entryOf(coid);
  if (entry === 0) return -EBADF;
  const word = $words[entry + L.CONNECTION_COID];
  const old = (word & L.CONNECTION_FLAGS_MASK) >> L.CONNECTION_FLAGS_SHIFT;
  const flags = (old & ~mask) | (bits & mask);
  $words[entry + L.CONNECTION_COID] =
    (word & ~L.CONNECTION_FLAGS_MASK) | (flags << L.CONNECTION_FLAGS_SHIFT);
  return old;
}

/**
 * Fills `info` with the server behind a coid of the task `pid` (0 = this one). When that coid is
 * not in use, with the next higher one: first in the plain numbers, then the side channels. With
 * null for `info` nothing is filled, and connections to dead servers are passed over. Returns the
 * coid described, or -ESRCH (no such task), -EINVAL (no coid from there on), -EFAULT (no record).
 * Does not block.
 */
export function ConnectServerInfo(ofPid: number, coid: number, info: ServerInfo | null): number {
  requireAttached();
  const owner = ofPid === 0 ? $vm.pid : ofPid;
  if (aliveTask(owner) === 0) return -ESRCH;
  if (!isInteger(coid)) return -EINVAL;
  if (info !== null && !isRecord(info)) return -EFAULT;
  let best = 0;
  let bestCoid = Infinity;
  for (let i = 0; i < $words[L.HEAD_CONNECTIONS]; i++) {
    const entry = entryAt(i);
    if (load($words, entry + L.CONNECTION_OWNER) !== owner) continue;
    if (!hasNumber(entry)) continue;
    const candidate = coidOf(entry);
    if (candidate < coid || candidate >= bestCoid) continue;
    if (info === null && !isOpen(entry)) continue;
    best = entry;
    bestCoid = candidate;
  }
  if (best === 0) return -EINVAL;
  if (info === null) return bestCoid;
  const channel = channelIn($words[best + L.CONNECTION_CHANNEL]);
  const life = $words[best + L.CONNECTION_CHANNEL_LIFE];
  const flags = $words[best + L.CONNECTION_COID] & L.CONNECTION_FLAGS_MASK;
  info.nd = ND_LOCAL_NODE;
  info.pid = isOpen(best) ? load($words, channel + L.CHANNEL_OWNER) : 0;
  info.chid = channel === 0 ? 0 : chidOf(channel, life);
  info.scoid = scoidOf($words[best + L.CONNECTION_ROOT]);
  info.coid = bestCoid;
  info.flags = (flags >> L.CONNECTION_FLAGS_SHIFT) | (isOpen(best) ? 0 : _NTO_COF_DEAD);
  return bestCoid;
}

/**
 * Fills `info` with the client behind a scoid of this task; scoid -1 is the task itself. Returns 0,
 * or -EINVAL for a scoid that is not a live connection to one of its channels, -EFAULT (no record).
 * Does not block.
 */
export function ConnectClientInfo(scoid: number, info: ClientInfo): number {
  requireAttached();
  if (!isRecord(info)) return -EFAULT;
  const client = scoid === -1 ? $vm.pid : clientBehind(scoid);
  if (client <= 0) return -EINVAL;
  info.nd = ND_LOCAL_NODE;
  info.pid = client;
  return 0;
}

/** pid of the client behind a scoid of this task; 0 or less for none. */
function clientBehind(scoid: number): number {
  const entry = scoidEntry(scoid);
  if (entry === 0) return 0;
  const channel = channelIn($words[entry + L.CONNECTION_CHANNEL]);
  if (channel === 0 || load($words, channel + L.CHANNEL_OWNER) !== $vm.pid) return 0;
  return load($words, entry + L.CONNECTION_OWNER);
}
