/**
 * Who may send to whom, and what waits where, read from the arena by a watcher: it costs the tasks
 * nothing. Each row is a moment's look. What stands in the arena was written by tasks and may be
 * anything: addresses are checked before they are followed.
 */
import { cellsAt, channelAt, channelIn, entryAt } from "../../arena/address.js";
import { load } from "../../arena/atomic.js";
import * as L from "../../arena/layout.js";
import { chidOf, pulsesOf, serverOf } from "../channel/channel.js";
import { isPulseFull } from "../channel/ticket.js";
import { coidOf, hasNumber, isOpen } from "../connection/connection.js";
import { aliveTask, pidAt } from "../task/task.js";
import { nameLost, nameOf, namesOfChannel } from "./names.js";
import { recoveringIn, waitIn } from "./view.js";

/** A connection of a task. */
export interface ConnectionView {
  /** pid of its owner. */
  readonly client: number;
  /** Its number there. */
  readonly coid: number;
  /** pid of the task behind it; 0 when that is gone, or has closed its channel. */
  readonly server: number;
  /** The name of its channel; of a server that is gone the last one, while that is known; or "". */
  readonly service: string;
  /** Differs whenever the connection leads elsewhere, or is another one. */
  readonly id: number;
  /** Its owner's message is under way on it: not received, or not answered yet. */
  readonly waits: "SEND" | "REPLY" | null;
  /** Its owner is in the recovery function for it. */
  readonly isRecovering: boolean;
}

/** All connections that have a number. The system must be the one in use (vm.ts). */
export function viewConnections(): ConnectionView[] {
  const views: ConnectionView[] = [];
  for (let i = 0; i < $words[L.HEAD_CONNECTIONS]; i++) {
    const entry = entryAt(i);
    const client = load($words, entry + L.CONNECTION_OWNER);
    const task = aliveTask(client);
    if (task === 0 || !hasNumber(entry)) continue;
    const channel = isOpen(entry) ? channelIn($words[entry + L.CONNECTION_CHANNEL]) : 0;
    views.push({
      client,
      coid: coidOf(entry),
      server: channel === 0 ? 0 : pidAt(serverOf(channel)),
      service: channel === 0 ? nameLost(entry) : nameOf(channel),
      id: (($words[entry + L.CONNECTION_SERIAL] << L.SCOID_INDEX_BITS) | i) >>> 0,
      waits: $words[task + L.SLOT_CONNECTION] === entry ? waitIn(task) : null,
      isRecovering: recoveringIn(task) === i + 1,
    });
  }
  return views;
}

/** A channel, and what waits in it. */
export interface ChannelView {
  /** pid of the task that receives on it. */
  readonly server: number;
  readonly chid: number;
  /** The names that are registered for it. */
  readonly services: readonly string[];
  /** Messages that wait to be received. */
  readonly queued: number;
  /** Pulses that wait to be received. */
  readonly pulses: number;
}

/** All open channels but the manager's. The system must be the one in use (vm.ts). */
export function viewChannels(): ChannelView[] {
  const views: ChannelView[] = [];
  for (let i = 0; i < $words[L.HEAD_CHANNELS]; i++) {
    const channel = channelAt(i);
    const life = load($words, channel + L.CHANNEL_LIFE);
    if ((life & L.LIFE_MASK) !== L.LIFE_ALIVE) continue;
    views.push({
      server: pidAt(serverOf(channel)),
      chid: chidOf(channel, life),
      services: namesOfChannel(channel),
      queued: queuedIn(channel),
      pulses: pulsesIn(channel),
    });
  }
  return views;
}

/** A bit may stand for a client that has just given up: then it counts until the server looks. */
function queuedIn(channel: number): number {
  let count = 0;
  for (let i = 0; i < $words[L.HEAD_PENDING_WORDS]; i++) {
    let bits = $words[channel + L.CHANNEL_PENDING + i];
    for (; bits !== 0; bits &= bits - 1) count++;
  }
  return count;
}

function pulsesIn(channel: number): number {
  const cells = cellsAt(channel);
  let count = 0;
  for (let i = 0; i < pulsesOf(channel); i++) {
    if (isPulseFull(load($words, cells + i * L.PULSE_WORDS + L.PULSE_STATE))) count++;
  }
  return count;
}
