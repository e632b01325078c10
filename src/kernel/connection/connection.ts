/**
 * Connection entries: one for each coid, and what ends them.
 *
 * A connection id is a number of its task, as a file descriptor is: the VM's own table maps it to
 * an entry of the arena. Attaching twice to one channel shares one connection: the first entry is
 * the root, which gives the scoid, and the later ones point at it. Entries are written by their
 * owner and by death; a lingering one (client gone, server to be told) by the server.
 */
import { isInt32, isUint32 } from "../argument.js";
import { channelIn, entriesEnd, entryAt, entryIn, entryIndex } from "../../arena/address.js";
import { cas, load } from "../../arena/atomic.js";
import { _NTO_CHF_DISCONNECT, postNotice } from "../channel/channel.js";
import * as L from "../../arena/layout.js";

/** The node number of this board. */
export const ND_LOCAL_NODE = 0;

/** Added to `index`: take the number from the side-channel space, where it cannot be chosen. */
export const _NTO_SIDE_CHANNEL = 0x4000_0000;

/** Closed when the process is replaced; kept as a flag, tasks are never replaced in place. */
export const _NTO_COF_CLOEXEC = 0x01;

/** ConnectServerInfo: the channel is gone. */
export const _NTO_COF_DEAD = 0x02;

/** Do not share the connection with others to the same channel. */
export const _NTO_COF_NOSHARE = 0x40;

/** What stands for the scoid of an entry that has none: never one, and no coid either. */
const SCOID_NONE = (L.SCOID_SERIAL_MASK << L.SCOID_INDEX_BITS) >>> 0;
/** Its scoids would look like coids of the side-channel space. */
export const SERIAL_SIDE = _NTO_SIDE_CHANNEL >>> L.SCOID_INDEX_BITS;

/** Where a coid stands in the VM's own table; -1 for what is no coid. */
export function tableIndex(coid: number): number {
  if (!isInt32(coid)) return -1;
  const connections = $words[L.HEAD_CONNECTIONS];
  if (coid >= _NTO_SIDE_CHANNEL) {
    const side = coid - _NTO_SIDE_CHANNEL;
    return side < connections ? connections + side : -1;
  }
  return coid < connections ? coid : -1;
}

/** The coid that stands at a place of the table. */
export function coidAt(index: number): number {
  const connections = $words[L.HEAD_CONNECTIONS];
  return index < connections ? index : _NTO_SIDE_CHANNEL + index - connections;
}

/** Address of the entry behind a coid of this task; 0 when there is none. */
export function entryOf(coid: number): number {
  if (coid === $vm.lastCoid) return $vm.lastEntry;
  const entry = entryAtPlace(tableIndex(coid));
  if (entry !== 0) rememberCoid(coid, entry);
  return entry;
}

/** Notes which entry a coid of this task means, as long as that may not change. */
function rememberCoid(coid: number, entry: number): void {
  $vm.lastCoid = coid;
  $vm.lastEntry = entry;
}

/** Address of the entry at a place of the VM's own table; 0 when there is none. */
export function entryAtPlace(place: number): number {
  // Not asked for -1: XS would make a name of it.
  const number = place < 0 ? 0 : $vm.coids[place];
  if (number === 0) return 0;
  const entry = entryAt(number - 1);
  // A task that has written over its entry has given it away: it may be another's by now.
  return $words[entry + L.CONNECTION_OWNER] === $vm.pid ? entry : 0;
}

/** Puts an entry at a place of the VM's own table; 0 takes it away. */
export function setEntryAtPlace(place: number, entry: number): void {
  $vm.coids[place] = entry === 0 ? 0 : entryIndex(entry) + 1;
  forgetCoid();
}

/** What a coid meant may have changed. */
export function forgetCoid(): void {
  $vm.lastCoid = NaN;
}

/**
 * The scoid of a connection, by its root entry. It is never a number that could be a coid of the
 * server, whatever its client has written: who detaches it must not hit a connection of its own.
 */
export function scoidOf(root: number): number {
  if (entryIn(root) === 0) return SCOID_NONE;
  const serial = $words[root + L.CONNECTION_SERIAL] & L.SCOID_SERIAL_MASK;
  if (serial === 0 || serial === SERIAL_SIDE) return SCOID_NONE;
  return ((serial << L.SCOID_INDEX_BITS) | entryIndex(root)) >>> 0;
}

/** The coid of an entry as its owner names it. */
export function coidOf(entry: number): number {
  const word = $words[entry + L.CONNECTION_COID];
  const number = word & L.CONNECTION_NUMBER_MASK;
  return (word & L.CONNECTION_SIDE) !== 0 ? _NTO_SIDE_CHANNEL + number : number;
}

/** False for an entry that is only the root of others. */
export function hasNumber(entry: number): boolean {
  const word = $words[entry + L.CONNECTION_COID];
  return (word & L.CONNECTION_NUMBER_MASK) !== L.CONNECTION_NUMBER_NONE;
}

/** True while the channel behind an entry is the one it was attached to. */
export function isOpen(entry: number): boolean {
  const channel = channelIn($words[entry + L.CONNECTION_CHANNEL]);
  if (channel === 0) return false;
  return load($words, channel + L.CHANNEL_LIFE) === $words[entry + L.CONNECTION_CHANNEL_LIFE];
}

/** The root entry that a scoid names, in use or lingering; 0 for none, or a stale scoid. */
export function scoidEntry(scoid: number): number {
  if (!isUint32(scoid) || scoid === SCOID_NONE) return 0;
  const index = scoid & L.SCOID_INDEX_MASK;
  if (index >= $words[L.HEAD_CONNECTIONS]) return 0;
  const entry = entryAt(index);
  return scoidOf(entry) === scoid ? entry : 0;
}

/**
 * The entry of a client's coid, for an event that is to be sent through it: the client's own table
 * is out of reach, so this looks through the entries. 0 for none.
 */
export function clientEntry(client: number, coid: number): number {
  for (let i = 0; i < $words[L.HEAD_CONNECTIONS]; i++) {
    const entry = entryAt(i);
    if (load($words, entry + L.CONNECTION_OWNER) !== client) continue;
    if (hasNumber(entry) && coidOf(entry) === coid) return entry;
  }
  return 0;
}

/**
 * The connection of a client ends: by the client, or by whoever reports its death. Where the server
 * asked for it the entry lingers until the server has been told and detaches the scoid.
 */
export function disconnect(root: number, client: number): void {
  const channel = channelIn($words[root + L.CONNECTION_CHANNEL]);
  const life = $words[root + L.CONNECTION_CHANNEL_LIFE];
  const server = load($words, channel + L.CHANNEL_OWNER);
  const flags = $words[channel + L.CHANNEL_FLAGS];
  if (
    channel === 0 ||
    load($words, channel + L.CHANNEL_LIFE) !== life ||
    (flags & _NTO_CHF_DISCONNECT) === 0
  ) {
    cas($words, root + L.CONNECTION_OWNER, client, 0);
    return;
  }
  if (cas($words, root + L.CONNECTION_OWNER, client, -server) !== client) return;
  // Lingering, then the channel's life again: if it closed before it could see the entry, free it.
  if (load($words, channel + L.CHANNEL_LIFE) !== life) {
    cas($words, root + L.CONNECTION_OWNER, -server, 0);
    return;
  }
  postNotice(channel, L.NOTICE_DISCONNECT);
}

/** Ends all connections of a dead task. Idempotent. */
export function dropConnections(client: number): void {
  const words = $words;
  const end = entriesEnd();
  for (let entry = words[L.HEAD_CONNECTIONS_AT]; entry < end; entry += L.CONNECTION_WORDS) {
    const holder = words[entry + L.CONNECTION_OWNER];
    if (holder === 0) continue;
    if (holder === client) {
      if ($words[entry + L.CONNECTION_ROOT] === entry) disconnect(entry, client);
      else cas($words, entry + L.CONNECTION_OWNER, client, 0);
    } else if (holder < 0 && holder > -L.PID_TOLD) {
      // Lingering and untold: an earlier report of this death may have stopped before its notice.
      const channel = channelIn($words[entry + L.CONNECTION_CHANNEL]);
      if (channel !== 0 && load($words, channel + L.CHANNEL_OWNER) === -holder) {
        postNotice(channel, L.NOTICE_DISCONNECT);
      }
    }
  }
}

/** Takes one untold disconnect for the server of `channel`: its scoid, or 0 when there is none. */
export function takeDisconnect(channel: number): number {
  for (let i = 0; i < $words[L.HEAD_CONNECTIONS]; i++) {
    const entry = entryAt(i);
    if (load($words, entry + L.CONNECTION_OWNER) !== -$vm.pid) continue;
    if ($words[entry + L.CONNECTION_CHANNEL] !== channel) continue;
    if (cas($words, entry + L.CONNECTION_OWNER, -$vm.pid, -($vm.pid + L.PID_TOLD)) !== -$vm.pid)
      continue;
    return scoidOf(entry);
  }
  return 0;
}

/** Takes one coid of this task whose channel is gone and of which it has not been told; or -1. */
export function takeDeadCoid(): number {
  for (let place = 0; place < $vm.coids.length; place++) {
    const entry = entryAtPlace(place);
    if (entry === 0 || isOpen(entry)) continue;
    const word = $words[entry + L.CONNECTION_COID];
    if ((word & L.CONNECTION_DEATH_TOLD) !== 0) continue;
    $words[entry + L.CONNECTION_COID] = word | L.CONNECTION_DEATH_TOLD;
    return coidAt(place);
  }
  return -1;
}
