/**
 * Names: how clients find a service without knowing its pid and chid.
 *
 * Registering takes no lock. A task claims a record, writes it, marks it "being registered" and
 * looks for others of the same name: a registered one, or one being registered in an earlier
 * record, wins over it; one being registered in a later record is struck out. Both parties mark
 * before they look, so at least one sees the other, and the earlier record never yields to the
 * later. Writes name records.
 */
import { areFlags, isRecord } from "../argument.js";
import { channelIn } from "../../arena/address.js";
import { cas, load, store } from "../../arena/atomic.js";
import { ChannelCreate, ChannelDestroy, findChannel } from "../channel/channel.js";
import { attachEntry, reattachEntry } from "../connection/connect-attach.js";
import { _NTO_SIDE_CHANNEL } from "../connection/connection.js";
import { EAGAIN, EEXIST, EINVAL, ENOENT, ESRCH } from "../errno.js";
import * as L from "../../arena/layout.js";
import { dropChannelNames, nameAt } from "../channel/name-record.js";
import { isRemote, nameError, nameText } from "./name-text.js";
import { ringWaiters } from "../task/waiters.js";
import { requireAttached } from "../../arena/vm.js";

/**
 * How often a rival for a name may get in between. Each does so once or twice in its own call; only
 * a task that writes over its own record, again and again, makes it more.
 */
const TRIES_MAX = 64;

/** name_detach: keep the channel. */
export const NAME_FLAG_DETACH_SAVEDPP = 0x0000_0001;

function isName(record: number, text: Int32Array): boolean {
  if (($words[record + L.NAME_LENGTH] & L.NAME_LENGTH_MASK) !== text[0]) return false;
  for (let i = 1; i < text.length; i++) {
    if ($words[record + L.NAME_LENGTH + i] !== text[i]) return false;
  }
  return true;
}

/**
 * Registers `name` for a channel: that of a dispatch handle, or, with null, a new one without
 * flags. A name is 1 to 32 printable ASCII characters, without a leading "/" and without "..".
 * `flags` is 0. Does not block.
 *
 * Returns the chid (> 0), or -EINVAL, -ENAMETOOLONG (the name), -EEXIST (somebody has it), -EAGAIN
 * (all names or channels of the system are in use), -ESRCH (the handle's channel is gone).
 */
export function name_attach(
  dpp: { readonly chid: number } | null,
  name: string,
  flags: number,
): number {
  requireAttached();
  if (flags !== 0 || (dpp !== null && !isRecord(dpp))) return -EINVAL;
  const text = nameText(name);
  if (text === null) return nameError(name);
  if (isRemote(text)) return -EINVAL;
  const chid = dpp === null ? ChannelCreate(0) : dpp.chid;
  if (chid < 0) return chid;
  const status = registerName(text, chid);
  if (status === 0) return chid;
  if (dpp === null) ChannelDestroy(chid);
  return status;
}

/**
 * name_attach for the service of another board, which this task stands for: "/net/attic/thermo".
 * Returns 0, or -EINVAL, -ENAMETOOLONG (the name), -EEXIST, -EAGAIN, -ESRCH (as name_attach).
 */
export function attachRemote(name: string, chid: number): number {
  const text = nameText(name);
  if (text === null) return nameError(name);
  return isRemote(text) ? registerName(text, chid) : -EINVAL;
}

function registerName(text: Int32Array, chid: number): number {
  const channel = findChannel(chid, $vm.pid);
  if (channel === 0) return -ESRCH;
  const record = claimRecord();
  if (record === 0) return -EAGAIN;
  // Its number first: who is reading what stood here before sees that it has changed.
  const number = load($words, record + L.NAME_LENGTH) + L.NAME_LENGTH_MASK + 1;
  store($words, record + L.NAME_LENGTH, (number & ~L.NAME_LENGTH_MASK) | text[0]);
  store($words, record + L.NAME_CHANNEL, channel);
  store($words, record + L.NAME_CHANNEL_LIFE, load($words, channel + L.CHANNEL_LIFE));
  for (let i = 1; i < text.length; i++) $words[record + L.NAME_LENGTH + i] = text[i];
  for (let tries = 0; tries < TRIES_MAX; tries++) {
    store($words, record + L.NAME_STATE, -$vm.pid);
    if (!winsName(record, text)) break;
    // Registered, unless an earlier record has struck us out since we marked: then look again.
    if (cas($words, record + L.NAME_STATE, -$vm.pid, $vm.pid) !== -$vm.pid) continue;
    ringWaiters();
    return 0;
  }
  freeRecord(record);
  return -EEXIST;
}

function claimRecord(): number {
  for (let i = 0; i < $words[L.HEAD_NAMES]; i++) {
    const record = nameAt(i);
    if (load($words, record + L.NAME_OWNER) !== 0) continue;
    if (cas($words, record + L.NAME_OWNER, 0, $vm.pid) === 0) return record;
  }
  return 0;
}

function freeRecord(record: number): void {
  store($words, record + L.NAME_STATE, 0);
  store($words, record + L.NAME_OWNER, 0);
}

/**
 * Strikes out later rivals; false when an earlier or a registered one has the name, or will not be
 * struck out.
 */
function winsName(record: number, text: Int32Array): boolean {
  let tries = 0;
  for (let i = 0; i < $words[L.HEAD_NAMES]; i++) {
    const rival = nameAt(i);
    if (rival === record) continue;
    const owner = load($words, rival + L.NAME_OWNER);
    const state = load($words, rival + L.NAME_STATE);
    if (owner === 0 || (state !== owner && state !== -owner) || !isName(rival, text)) continue;
    if (state === owner || rival < record) return false;
    if (cas($words, rival + L.NAME_STATE, state, 0) === state) continue;
    if (++tries === TRIES_MAX) return false;
    i--;
  }
  return true;
}

/**
 * Takes back the names of a channel of this task, and destroys the channel unless `flags` has
 * NAME_FLAG_DETACH_SAVEDPP. Returns 0, or -EINVAL (not an open channel of this task, or another
 * flag). Does not block.
 */
export function name_detach(chid: number, flags: number): number {
  requireAttached();
  const channel = findChannel(chid, $vm.pid);
  if (channel === 0 || !areFlags(flags, NAME_FLAG_DETACH_SAVEDPP)) return -EINVAL;
  dropChannelNames(channel, $vm.pid);
  return flags !== 0 ? 0 : ChannelDestroy(chid);
}

/**
 * The open channel of a registered name, and its life in $vm.foundLife; 0 for none. The record may
 * be given to another name while it is read: channel and life are taken only from one that is still
 * registered afterwards, and has not been written anew.
 */
function findName(text: Int32Array): number {
  for (let i = 0; i < $words[L.HEAD_NAMES]; i++) {
    const record = nameAt(i);
    const number = load($words, record + L.NAME_LENGTH);
    if (!isRegisteredIn(record) || !isName(record, text)) continue;
    const channel = channelIn(load($words, record + L.NAME_CHANNEL));
    const life = load($words, record + L.NAME_CHANNEL_LIFE);
    if (channel === 0 || load($words, channel + L.CHANNEL_LIFE) !== life) continue;
    if (!isRegisteredIn(record) || load($words, record + L.NAME_LENGTH) !== number) continue;
    $vm.foundLife = life;
    return channel;
  }
  return 0;
}

function isRegisteredIn(record: number): boolean {
  const owner = load($words, record + L.NAME_OWNER);
  return owner !== 0 && load($words, record + L.NAME_STATE) === owner;
}

/** Is a service registered under this name? False for what cannot be one. Does not block. */
export function isRegistered(name: string): boolean {
  const text = nameText(name);
  return text !== null && findName(text) !== 0;
}

/**
 * Has the task with this pid registered a service under this name? Also while the name is its own
 * and its channel is not open any more. Does not block, and allocates once for a new name.
 */
export function hasRegistered(pid: number, name: string): boolean {
  const text = nameText(name);
  if (text === null) return false;
  for (let i = 0; i < $words[L.HEAD_NAMES]; i++) {
    const record = nameAt(i);
    if (load($words, record + L.NAME_OWNER) !== pid || !isRegisteredIn(record)) continue;
    if (isName(record, text)) return true;
  }
  return false;
}

/**
 * Connects this task to the service registered as `name`, with a coid of the side-channel space;
 * "/net/attic/thermo" is the service "thermo" of the board "attic" (src/net).
 * Does not block and does not wait for the name to appear: see waitForName. Returns the
 * coid, or -EINVAL, -ENAMETOOLONG (the name), -ENOENT (nobody has registered it), -EMFILE, -EAGAIN
 * (as ConnectAttach).
 */
export function name_open(name: string, flags: number): number {
  requireAttached();
  if (flags !== 0) return -EINVAL;
  const text = nameText(name);
  if (text === null) return nameError(name);
  const channel = findName(text);
  if (channel === 0) return -ENOENT;
  const coid = attachEntry(channel, $vm.foundLife, _NTO_SIDE_CHANNEL, 0);
  return coid === -ESRCH ? -ENOENT : coid;
}

/** Points `coid` at the service registered as `name`. Errors: ha_reopen. */
export function reopenName(coid: number, name: string): number {
  const text = nameText(name);
  if (text === null) return nameError(name);
  const channel = findName(text);
  return channel === 0 ? -ENOENT : reattachEntry(coid, channel, $vm.foundLife);
}
