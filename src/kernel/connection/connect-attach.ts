/**
 * ConnectAttach and ConnectDetach: giving a channel a number of this task, and taking it back.
 */
import { areFlags, isInt32 } from "../argument.js";
import { channelIn, entryAt } from "../../arena/address.js";
import { cas, load, store } from "../../arena/atomic.js";
import { chidOf, findChannel, isLingeringFor, serverOf } from "../channel/channel.js";
import {
  _NTO_COF_CLOEXEC,
  _NTO_COF_NOSHARE,
  _NTO_SIDE_CHANNEL,
  coidAt,
  disconnect,
  entryOf,
  forgetCoid,
  isOpen,
  ND_LOCAL_NODE,
  scoidEntry,
  SERIAL_SIDE,
  tableIndex,
  entryAtPlace,
  setEntryAtPlace,
} from "./connection.js";
import { EAGAIN, EBADF, EBUSY, EINVAL, EMFILE, ENOREMOTE, ENXIO, ESRCH, LOST } from "../errno.js";
import * as L from "../../arena/layout.js";
import { requireAttached } from "../../arena/vm.js";
import { aliveTask, pidAt, placeOf } from "../task/task.js";

const ATTACH_FLAGS = _NTO_COF_CLOEXEC | _NTO_COF_NOSHARE;

/**
 * Connects this task to a channel. `nd` is ND_LOCAL_NODE; `pid` 0 is the task itself; the coid is
 * the first free number from `index` on, or any of the side-channel space when `index` has
 * _NTO_SIDE_CHANNEL. Does not block.
 *
 * Returns the coid, or -EINVAL (flag or index), -ENOREMOTE (another node), -ESRCH (no such task or
 * channel), -ENXIO (the task is just dying), -EMFILE (no free number from `index` on), -EAGAIN (the
 * system's connection table is full).
 */
export function ConnectAttach(
  nd: number,
  serverPid: number,
  chid: number,
  index: number,
  flags: number,
): number {
  requireAttached();
  if (!areFlags(flags, ATTACH_FLAGS)) return -EINVAL;
  const channel = channelBehind(nd, serverPid, chid);
  if (channel < 0) return channel;
  const life = lifeOf(channel, chid);
  if (life === 0) return -ESRCH;
  return attachEntry(channel, life, index, flags);
}

/** Points a coid of this task at another channel. Errors: ha_ReConnectAttach. */
export function reconnect(
  oldcoid: number,
  nd: number,
  serverPid: number,
  chid: number,
  flags: number,
): number {
  if (!areFlags(flags, ATTACH_FLAGS)) return -EINVAL;
  const channel = channelBehind(nd, serverPid, chid);
  if (channel < 0) return channel;
  const life = lifeOf(channel, chid);
  if (life === 0) return -ESRCH;
  const entry = entryOf(oldcoid);
  if (entry === 0) return -EBADF;
  const word = $words[entry + L.CONNECTION_COID];
  const number = word & ~(ATTACH_FLAGS << L.CONNECTION_FLAGS_SHIFT);
  $words[entry + L.CONNECTION_COID] = number | (flags << L.CONNECTION_FLAGS_SHIFT);
  const result = reattachEntry(oldcoid, channel, life);
  if (result === -EAGAIN) $words[entry + L.CONNECTION_COID] = word;
  return result;
}

/**
 * The life of a channel while it is open under this chid; else 0. One that is just closing still
 * has the chid: who attached to that life would wait for a server whose death has looked for its
 * clients already.
 */
function lifeOf(channel: number, chid: number): number {
  const life = load($words, channel + L.CHANNEL_LIFE);
  const isAlive = (life & L.LIFE_MASK) === L.LIFE_ALIVE;
  return isAlive && chidOf(channel, life) === chid ? life : 0;
}

/** Address of an open channel, or -ENOREMOTE, -ESRCH, -ENXIO. */
function channelBehind(nd: number, serverPid: number, chid: number): number {
  if (nd !== ND_LOCAL_NODE) return -ENOREMOTE;
  const owner = serverPid === 0 ? $vm.pid : serverPid;
  if (aliveTask(owner) === 0) return isDying(owner) ? -ENXIO : -ESRCH;
  const channel = findChannel(chid, owner);
  return channel === 0 ? -ESRCH : channel;
}

/**
 * Another number of this task for the same connection, open or lost, in the same space. Returns the
 * coid, or -EBADF (no such coid), -EMFILE, -EAGAIN (as ConnectAttach).
 */
export function duplicate(coid: number): number {
  const old = entryOf(coid);
  if (old === 0) return -EBADF;
  const place = freeNumber(coid >= _NTO_SIDE_CHANNEL ? _NTO_SIDE_CHANNEL : 0);
  if (place < 0) return place;
  const entry = claimEntry();
  if (entry === 0) return -EAGAIN;
  const flags = ($words[old + L.CONNECTION_COID] >> L.CONNECTION_FLAGS_SHIFT) & ATTACH_FLAGS;
  const channel = $words[old + L.CONNECTION_CHANNEL];
  const life = $words[old + L.CONNECTION_CHANNEL_LIFE];
  writeEntry(entry, channel, life, $words[old + L.CONNECTION_ROOT]);
  $words[entry + L.CONNECTION_COID] = numberWord(place, flags);
  setEntryAtPlace(place, entry);
  return coidAt(place);
}

function isDying(somePid: number): boolean {
  const task = placeOf(somePid);
  if (task === 0 || pidAt(task) !== somePid) return false;
  return (load($words, task + L.TASK_LIFE) & L.LIFE_MASK) === L.LIFE_DEAD;
}

/** Gives an open channel (by address and life) a coid of this task. Errors as ConnectAttach. */
export function attachEntry(channel: number, life: number, index: number, flags: number): number {
  const place = freeNumber(index);
  if (place < 0) return place;
  const root = (flags & _NTO_COF_NOSHARE) !== 0 ? 0 : sharedRoot(channel, life);
  const entry = claimEntry();
  if (entry === 0) return -EAGAIN;
  writeEntry(entry, channel, life, root);
  $words[entry + L.CONNECTION_COID] = numberWord(place, flags);
  setEntryAtPlace(place, entry);
  // Written, then looked at: a channel that closes meanwhile either finds the entry or is seen
  // here.
  if (!isOpen(entry)) {
    setEntryAtPlace(place, 0);
    dropEntry(entry);
    return -ESRCH;
  }
  return coidAt(place);
}

/**
 * Points a coid of this task at another open channel: detach and attach in one, so that the number
 * is never free between. The flags stay. In a full table the entry of a dead channel is written
 * anew: recovery needs no room. Returns the coid, or -EBADF or -EAGAIN, and then nothing has
 * changed; or -ESRCH when the new channel closed meanwhile, and the coid leads to a dead one.
 */
export function reattachEntry(coid: number, channel: number, life: number): number {
  const old = entryOf(coid);
  if (old === 0) return -EBADF;
  const word = $words[old + L.CONNECTION_COID] & ~L.CONNECTION_DEATH_TOLD;
  const noshare = (word & (_NTO_COF_NOSHARE << L.CONNECTION_FLAGS_SHIFT)) !== 0;
  let root = noshare ? 0 : sharedRoot(channel, life);
  const entry = claimEntry();
  if (entry === 0 && isOpen(old)) return -EAGAIN;
  if (root === old) root = 0;
  // Point of no return: the number moves, then the old entry goes.
  if (entry === 0) {
    rewriteEntry(old, channel, life, root);
    $words[old + L.CONNECTION_COID] = word;
    return isOpen(old) ? coid : -ESRCH;
  }
  writeEntry(entry, channel, life, root);
  $words[entry + L.CONNECTION_COID] = word;
  setEntryAtPlace(tableIndex(coid), entry);
  dropEntry(old);
  return isOpen(entry) ? coid : -ESRCH;
}

/**
 * Writes the entry of a dead channel anew. Others that share it stand for themselves from now on.
 */
function rewriteEntry(entry: number, channel: number, life: number, root: number): void {
  endOutstanding(entry);
  for (let place = 0; place < $vm.coids.length; place++) {
    const other = entryAtPlace(place);
    if (other === 0 || other === entry || $words[other + L.CONNECTION_ROOT] !== entry) continue;
    $words[other + L.CONNECTION_ROOT] = other;
  }
  const before = $words[entry + L.CONNECTION_ROOT];
  forgetCoid();
  writeEntry(entry, channel, life, root);
  if (before !== entry && !isRootInUse(before)) disconnect(before, $vm.pid);
}

/** Marks the entry, raises its serial, writes it: who is reading it sees that it has changed. */
function writeEntry(entry: number, channel: number, life: number, root: number): void {
  store($words, entry + L.CONNECTION_COID, L.CONNECTION_NUMBER_NONE);
  store($words, entry + L.CONNECTION_SERIAL, nextSerial($words[entry + L.CONNECTION_SERIAL]));
  store($words, entry + L.CONNECTION_CHANNEL, channel);
  store($words, entry + L.CONNECTION_CHANNEL_LIFE, life);
  store($words, entry + L.CONNECTION_ROOT, root === 0 ? entry : root);
}

/**
 * Serials start at 1 and leave out the one whose scoids would look like side channels, and the
 * last, of which one scoid would read as -1.
 */
function nextSerial(serial: number): number {
  const next = serial + 1;
  if (!(next >= 1 && next < L.SCOID_SERIAL_MASK)) return 1;
  return next === SERIAL_SIDE ? next + 1 : next;
}

function numberWord(place: number, flags: number): number {
  const connections = $words[L.HEAD_CONNECTIONS];
  const number = place < connections ? place : (place - connections) | L.CONNECTION_SIDE;
  return number | (flags << L.CONNECTION_FLAGS_SHIFT);
}

/** The first free place of the table for `index`, or -EINVAL, -EMFILE. */
function freeNumber(index: number): number {
  if (!isInt32(index) || index < 0) return -EINVAL;
  const connections = $words[L.HEAD_CONNECTIONS];
  const side = (index & _NTO_SIDE_CHANNEL) !== 0;
  if (!side && index >= connections) return -EINVAL;
  const end = side ? 2 * connections : connections;
  for (let place = side ? connections : index; place < end; place++) {
    if ($vm.coids[place] === 0) return place;
  }
  return -EMFILE;
}

/** The root of a connection of this task to the channel that may be shared; 0 for none. */
function sharedRoot(channel: number, life: number): number {
  const { coids } = $vm;
  for (let place = 0; place < coids.length; place++) {
    if (coids[place] === 0) continue;
    const entry = entryAtPlace(place);
    if (entry === 0 || $words[entry + L.CONNECTION_CHANNEL] !== channel) continue;
    if ($words[entry + L.CONNECTION_CHANNEL_LIFE] !== life) continue;
    const flags = $words[entry + L.CONNECTION_COID] >> L.CONNECTION_FLAGS_SHIFT;
    if ((flags & _NTO_COF_NOSHARE) === 0) return $words[entry + L.CONNECTION_ROOT];
  }
  return 0;
}

function claimEntry(): number {
  for (let i = 0; i < $words[L.HEAD_CONNECTIONS]; i++) {
    const entry = entryAt(i);
    if (load($words, entry + L.CONNECTION_OWNER) !== 0) continue;
    if (cas($words, entry + L.CONNECTION_OWNER, 0, $vm.pid) === 0) return entry;
  }
  return 0;
}

/**
 * Gives a connection back. For a client's coid: the number is free again, and when it was the last
 * of its connection the server of a _NTO_CHF_DISCONNECT channel gets its pulse. For a scoid, by the
 * server: frees a connection whose disconnect pulse it has received. Returns 0, or -EINVAL for what
 * is neither, or -EBUSY for a scoid whose client is still there. Does not block.
 */
export function ConnectDetach(coid: number): number {
  requireAttached();
  const entry = entryOf(coid);
  if (entry === 0) return detachScoid(coid);
  setEntryAtPlace(tableIndex(coid), 0);
  dropEntry(entry);
  return 0;
}

function detachScoid(scoid: number): number {
  const entry = scoidEntry(scoid);
  if (entry === 0) return -EINVAL;
  const holder = load($words, entry + L.CONNECTION_OWNER);
  if (holder > 0) {
    const channel = channelIn($words[entry + L.CONNECTION_CHANNEL]);
    return channel !== 0 && serverOf(channel) === $me ? -EBUSY : -EINVAL;
  }
  if (!isLingeringFor(holder, $vm.pid)) return -EINVAL;
  return cas($words, entry + L.CONNECTION_OWNER, holder, 0) === holder ? 0 : -EINVAL;
}

/** The owner lets go of one entry; the connection ends with its last one. */
function dropEntry(entry: number): void {
  endOutstanding(entry);
  const root = $words[entry + L.CONNECTION_ROOT];
  $words[entry + L.CONNECTION_COID] = L.CONNECTION_NUMBER_NONE;
  if (entry !== root) cas($words, entry + L.CONNECTION_OWNER, $vm.pid, 0);
  if (!isRootInUse(root)) disconnect(root, $vm.pid);
}

/**
 * A send of the main VM that is under way through this entry ends with -EBADF: here, or, when the
 * server is just answering it, with that answer. (A task cannot detach while it is blocked.)
 */
function endOutstanding(entry: number): void {
  if ($vm.outbox.done === null || $own[L.SLOT_CONNECTION] !== entry) return;
  const state = load($own, L.SLOT_STATE);
  const kind = state & L.SLOT_STATE_MASK;
  if (kind !== L.SLOT_SEND && kind !== L.SLOT_REPLY) return;
  const idle = (state & ~L.SLOT_STATE_MASK) | L.SLOT_IDLE;
  if (cas($own, L.SLOT_STATE, state, idle) === state) $vm.outbox.lostStatus = -(LOST + EBADF);
}

function isRootInUse(root: number): boolean {
  const { coids } = $vm;
  for (let place = 0; place < coids.length; place++) {
    if (coids[place] === 0) continue;
    const entry = entryAtPlace(place);
    if (entry !== 0 && $words[entry + L.CONNECTION_ROOT] === root) return true;
  }
  return false;
}
