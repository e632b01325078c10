/**
 * Channels: where a server receives. Create, destroy, and the closing that death shares.
 * Writes channel records; ends the transfers that wait on a closing channel.
 */
import { areFlags, isInteger } from "../argument.js";
import { cellsAt, channelAt, channelIndex, entriesEnd } from "../../arena/address.js";
import { cas, load, or, store } from "../../arena/atomic.js";
import { isPulseFull } from "./ticket.js";
import { EAGAIN, EBUSY, EINVAL, ENXIO, ESRCH } from "../errno.js";
import * as L from "../../arena/layout.js";
import { dropChannelNames } from "./name-record.js";
import { rememberChannel, requireAttached } from "../../arena/vm.js";
import { isAlive } from "../task/task.js";
import { releasePlace } from "../task/claim.js";
import { ring } from "../task/doorbell.js";

/** The receiver keeps its own priority, and waiting messages do not raise it. */
export const _NTO_CHF_FIXED_PRIORITY = 0x01;
/** A client that must unblock while REPLY-blocked stays, and the server gets an unblock pulse. */
export const _NTO_CHF_UNBLOCK = 0x02;
/** Death pulses for threads of the own process: a task has one, so none ever comes. */
export const _NTO_CHF_THREAD_DEATH = 0x04;
/** A pulse when a client's last connection is gone; the scoid stays until it is detached. */
export const _NTO_CHF_DISCONNECT = 0x08;
/** The sender's and the reply's length are always in MsgInfo; accepted, no effect. */
export const _NTO_CHF_SENDER_LEN = 0x20;
/** A pulse for each of the own connections whose channel is gone. */
export const _NTO_CHF_COID_DISCONNECT = 0x40;
/** MsgInfo tells how long the client's reply buffer is (`dstmsglen`): here it always does. */
export const _NTO_CHF_REPLY_LEN = 0x80;

const FLAGS =
  _NTO_CHF_FIXED_PRIORITY |
  _NTO_CHF_UNBLOCK |
  _NTO_CHF_THREAD_DEATH |
  _NTO_CHF_DISCONNECT |
  _NTO_CHF_SENDER_LEN |
  _NTO_CHF_COID_DISCONNECT |
  _NTO_CHF_REPLY_LEN;
/**
 * How often a step is tried again because somebody was faster. A message can change three times
 * before it ends; only a task that writes over its own slot, again and again, makes it more.
 */
const TRIES_MAX = 8;
/** A process may have one channel only with either of these. */
const ONCE = _NTO_CHF_THREAD_DEATH | _NTO_CHF_COID_DISCONNECT;

/** The chid of the channel's incarnation with this life. */
export function chidOf(channel: number, life: number): number {
  return (life >>> L.LIFE_BITS) * L.CHID_RANGE + channelIndex(channel) + 1;
}

/**
 * Address of the open channel with exactly this chid when it belongs to the task `owner`; else 0.
 * A chid of an earlier incarnation of the record is noticed.
 */
export function findChannel(chid: number, owner: number): number {
  if (!isInteger(chid)) return 0;
  const index = (chid - 1) % L.CHID_RANGE;
  // One more than the limit: the manager's.
  if (!(index >= 0 && index <= $words[L.HEAD_CHANNELS])) return 0;
  const channel = channelAt(index);
  const generation = (chid - 1 - index) / L.CHID_RANGE;
  const life = load($words, channel + L.CHANNEL_LIFE);
  if ((life & L.LIFE_MASK) !== L.LIFE_ALIVE || life >>> L.LIFE_BITS !== generation) return 0;
  return load($words, channel + L.CHANNEL_OWNER) === owner ? channel : 0;
}

/**
 * Makes a channel that this task receives on. Returns its chid (> 0), or -EINVAL for an unknown
 * flag, -EBUSY when the task already has a channel with THREAD_DEATH or COID_DISCONNECT and asks
 * for another, -EAGAIN when all channels of the system are in use. Does not block.
 */
export function ChannelCreate(flags: number): number {
  requireAttached();
  if (!areFlags(flags, FLAGS)) return -EINVAL;
  if ((flags & ONCE) !== 0 && hasChannelWith(ONCE)) return -EBUSY;
  for (let index = 0; index < $words[L.HEAD_CHANNELS]; index++) {
    const channel = channelAt(index);
    if (load($words, channel + L.CHANNEL_OWNER) !== 0) continue;
    if (cas($words, channel + L.CHANNEL_OWNER, 0, $vm.pid) !== 0) continue;
    return openChannel(channel, flags);
  }
  return -EAGAIN;
}

/**
 * Opens the manager's channel, which is none of the limits and takes no pulses. Main VM only.
 * Returns its chid, or -EBUSY when it is open.
 */
export function openManagerChannel(): number {
  const channel = $words[L.HEAD_MANAGER_AT];
  if (cas($words, channel + L.CHANNEL_OWNER, 0, $vm.pid) !== 0) return -EBUSY;
  return openChannel(channel, _NTO_CHF_FIXED_PRIORITY);
}

/** The chid of the manager's channel, or -ENXIO while it is not open. Its server is the main VM. */
export function managerChid(): number {
  const channel = $words[L.HEAD_MANAGER_AT];
  const life = load($words, channel + L.CHANNEL_LIFE);
  return (life & L.LIFE_MASK) === L.LIFE_ALIVE ? chidOf(channel, life) : -ENXIO;
}

function hasChannelWith(flags: number): boolean {
  for (let index = 0; index < $words[L.HEAD_CHANNELS]; index++) {
    const channel = channelAt(index);
    if (load($words, channel + L.CHANNEL_OWNER) !== $vm.pid) continue;
    if (($words[channel + L.CHANNEL_FLAGS] & flags) !== 0) return true;
  }
  return false;
}

/**
 * The record is ours: sweep what late senders left, then open it. Until it is open nobody can mean
 * this incarnation, so whatever is swept was meant for an earlier one.
 */
function openChannel(channel: number, flags: number): number {
  const before = load($words, channel + L.CHANNEL_LIFE);
  let generation = before >>> L.LIFE_BITS;
  if ((before & L.LIFE_MASK) !== L.LIFE_FREE) {
    // Its owner gave the record up by writing over it: what was sent to that incarnation is not
    // for this one.
    generation = (generation + 1) & L.CHANNEL_GENERATION_MASK;
    store($words, channel + L.CHANNEL_LIFE, generation << L.LIFE_BITS);
  }
  store($words, channel + L.CHANNEL_FLAGS, flags);
  store($words, channel + L.CHANNEL_NOTICE, 0);
  store($words, channel + L.CHANNEL_WAITING, L.WAITING_NONE);
  for (let word = 0; word < $words[L.HEAD_PENDING_WORDS]; word++) {
    store($words, channel + L.CHANNEL_PENDING + word, 0);
  }
  disownClaims(channel);
  const life = (generation << L.LIFE_BITS) | L.LIFE_ALIVE;
  store($words, channel + L.CHANNEL_LIFE, life);
  return chidOf(channel, life);
}

/** How many pulses can wait on a channel: none on the manager's. */
export function pulsesOf(channel: number): number {
  return channel === $words[L.HEAD_MANAGER_AT] ? 0 : $words[L.HEAD_PULSES];
}

/**
 * Drops the pulses of a channel while its life is `life`, which is not open: a pulse that is there
 * while nothing newer exists was meant for what is gone.
 */
export function sweepPulses(channel: number, life: number): void {
  const cells = cellsAt(channel);
  for (let i = 0; i < pulsesOf(channel); i++) {
    const cell = cells + i * L.PULSE_WORDS;
    const state = load($words, cell + L.PULSE_STATE);
    if (!isPulseFull(state)) continue;
    // The life after the cell: a slow caller must not drop a pulse of the successor.
    if (load($words, channel + L.CHANNEL_LIFE) !== life) return;
    cas($words, cell + L.PULSE_STATE, state, 0);
  }
}

/**
 * The record is ours, and not open yet. A sender looks at the channel's life after it has claimed a
 * cell: one that saw the life before, and has not published, must not publish into this
 * incarnation. Its claim is marked, and it finds that when it publishes; a claim that comes later
 * finds another life. What has been published was for a dead incarnation, and goes.
 */
function disownClaims(channel: number): void {
  const cells = cellsAt(channel);
  for (let i = 0; i < pulsesOf(channel); i++) {
    const at = cells + i * L.PULSE_WORDS + L.PULSE_STATE;
    for (let tries = 0; tries < TRIES_MAX; tries++) {
      const state = load($words, at);
      if (state === 0 || (state > 0 && (state & L.PID_TOLD) !== 0)) break;
      const next = isPulseFull(state) ? 0 : state | L.PID_TOLD;
      if (cas($words, at, state, next) === state) break;
    }
  }
}

/**
 * Destroys a channel of this task: who waits on it gets -ESRCH, who sends later -EBADF, queued
 * pulses are dropped, its names are free. Returns 0, or -EINVAL for a chid that is not an open
 * channel of this task. Does not block.
 */
export function ChannelDestroy(chid: number): number {
  requireAttached();
  const channel = findChannel(chid, $vm.pid);
  if (channel === 0) return -EINVAL;
  dropChannelNames(channel, $vm.pid);
  closeChannel(channel, $vm.pid);
  rememberChannel(NaN, 0);
  return 0;
}

/**
 * The channel of a chid of this task, or -ESRCH. The one that was asked for last is remembered:
 * only this task can close it, and then it forgets.
 */
export function ownChannel(chid: number): number {
  const last = $vm.lastChannel;
  if (chid === $vm.lastChid && $words[last + L.CHANNEL_OWNER] === $vm.pid) return last;
  const channel = findChannel(chid, $vm.pid);
  if (channel === 0) return -ESRCH;
  rememberChannel(chid, channel);
  return channel;
}

/**
 * Closes a channel that belongs to `owner`: by the owner itself, or by whoever reports its death,
 * once, twice, or half done by somebody else. Every step is a compare-exchange on the incarnation
 * it was started for.
 */
export function closeChannel(channel: number, owner: number): void {
  let life = load($words, channel + L.CHANNEL_LIFE);
  // Read the owner after the life: if it is still `owner`, that life is its channel's.
  if (load($words, channel + L.CHANNEL_OWNER) !== owner) return;
  const alive = (life & ~L.LIFE_MASK) | L.LIFE_ALIVE;
  const closing = (life & ~L.LIFE_MASK) | L.LIFE_DEAD;
  if (life === alive) {
    // The generation first: a client publishes and then looks at it; we raise it and then look at
    // the slots. Either the scan below sees the message or the client sees the generation.
    cas($words, channel + L.CHANNEL_LIFE, alive, closing);
    life = load($words, channel + L.CHANNEL_LIFE);
  }
  if (life === closing) {
    endTransfers(channel, alive);
    endConnections(channel, alive, owner);
    sweepPulses(channel, closing);
    const next = ((life >>> L.LIFE_BITS) + 1) & L.CHANNEL_GENERATION_MASK;
    cas($words, channel + L.CHANNEL_LIFE, closing, (next << L.LIFE_BITS) | L.LIFE_FREE);
  }
  cas($words, channel + L.CHANNEL_OWNER, owner, 0);
}

/** Every message for this incarnation ends with -ESRCH, a claimed one too: its claimant is dead. */
function endTransfers(channel: number, life: number): void {
  for (let index = 0; index < $words[L.HEAD_PLACES]; index++) {
    const task = L.TASKS_AT + (index << L.TASK_SHIFT);
    for (let tries = 0; tries < TRIES_MAX; tries++) {
      const state = load($words, task + L.SLOT_STATE);
      const kind = state & L.SLOT_STATE_MASK;
      if (kind !== L.SLOT_SEND && kind !== L.SLOT_REPLY && kind !== L.SLOT_CLAIMED) break;
      if ($words[task + L.SLOT_CHANNEL] !== channel) break;
      if ($words[task + L.SLOT_CHANNEL_LIFE] !== life) break;
      const gone = (state & ~L.SLOT_STATE_MASK) | L.SLOT_GONE;
      if (cas($words, task + L.SLOT_STATE, state, gone) !== state) continue;
      if (isAlive(task)) ring(task);
      else releasePlace(task);
      break;
    }
  }
}

/** Lingering connections are freed; clients that asked for it learn which coids are dead. */
function endConnections(channel: number, life: number, owner: number): void {
  const end = entriesEnd();
  for (let entry = $words[L.HEAD_CONNECTIONS_AT]; entry < end; entry += L.CONNECTION_WORDS) {
    const holder = load($words, entry + L.CONNECTION_OWNER);
    if (holder === 0 || $words[entry + L.CONNECTION_CHANNEL] !== channel) continue;
    if ($words[entry + L.CONNECTION_CHANNEL_LIFE] !== life) continue;
    if (holder > 0) noticeCoidDeath(holder);
    else if (isLingeringFor(holder, owner)) cas($words, entry + L.CONNECTION_OWNER, holder, 0);
  }
}

/** True for an entry whose client is gone and whose server is `server`. */
export function isLingeringFor(holder: number, server: number): boolean {
  return holder === -server || holder === -(server + L.PID_TOLD);
}

function noticeCoidDeath(client: number): void {
  for (let index = 0; index < $words[L.HEAD_CHANNELS]; index++) {
    const channel = channelAt(index);
    if (load($words, channel + L.CHANNEL_OWNER) !== client) continue;
    if (($words[channel + L.CHANNEL_FLAGS] & _NTO_CHF_COID_DISCONNECT) === 0) continue;
    postNotice(channel, L.NOTICE_COIDDEATH);
  }
}

/** Tells the server of a channel that there is news of this kind, and rings it. */
export function postNotice(channel: number, notice: number): void {
  or($words, channel + L.CHANNEL_NOTICE, notice);
  ring(serverOf(channel));
}

/**
 * Address of the task that owns the channel, or of some place when nobody does, or when what stands
 * there is no pid: look at its life.
 */
export function serverOf(channel: number): number {
  const index = $words[channel + L.CHANNEL_OWNER] & L.PID_INDEX_MASK;
  return index < $words[L.HEAD_PLACES] ? L.TASKS_AT + (index << L.TASK_SHIFT) : L.TASKS_AT;
}
