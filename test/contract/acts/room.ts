/**
 * How much room the system's tables have: counted by filling them, so nothing that leaked counts.
 */
import {
  ChannelCreate,
  ChannelDestroy,
  ConnectAttach,
  ConnectDetach,
  getpid,
  type Limits,
  MsgSendPulse,
  name_attach,
  name_detach,
  NAME_FLAG_DETACH_SAVEDPP,
  _NTO_COF_NOSHARE,
  sharedAcquire,
  sharedRelease,
} from "reattach";

/** What can be filled. */
export const TABLES = ["channels", "connections", "names", "pulses", "sharedBuffers"] as const;
export type Room = Pick<Limits, (typeof TABLES)[number]>;

/** Repeats `fill` until it fails; its results. */
function fillUp(fill: (i: number) => number): number[] {
  const results: number[] = [];
  for (;;) {
    const result = fill(results.length);
    if (result < 0) return results;
    results.push(result);
  }
}

/** Fills every table, counts, and empties them again. Pulses are those of one channel. */
export function countRoom(): Room {
  const channels = fillUp(() => ChannelCreate(0));
  const chid = channels[0] ?? 0;
  const connections = fillUp((i) => ConnectAttach(0, getpid(), chid, i, _NTO_COF_NOSHARE));
  const names = fillUp((i) => Math.min(0, name_attach({ chid }, `filler-${i}`, 0)));
  const pulses = fillUp(() => MsgSendPulse(connections[0] ?? -1, -1, 0, 0));
  const shared = fillUp(() => sharedAcquire());
  if (names.length > 0) name_detach(chid, NAME_FLAG_DETACH_SAVEDPP);
  for (const coid of connections) ConnectDetach(coid);
  for (const each of channels) ChannelDestroy(each);
  for (const index of shared) sharedRelease(index);
  return {
    channels: channels.length,
    connections: connections.length,
    names: names.length,
    pulses: pulses.length,
    sharedBuffers: shared.length,
  };
}

/** The tables of `room` that are not as large as the limits say: "channels 7 of 8". */
export function shortages(room: Room, limits: Readonly<Limits>): string {
  return TABLES.filter((table) => room[table] !== limits[table])
    .map((table) => `${table} ${room[table]} of ${limits[table]}`)
    .join(", ");
}

/** One channel with a connection, a name and a pulse, and all of it taken back. */
function churnOnce(i: number): number {
  const chid = name_attach(null, `churn-${i % 3}`, 0);
  const coid = ConnectAttach(0, 0, chid, 0, i % 2 === 0 ? _NTO_COF_NOSHARE : 0);
  const sent = MsgSendPulse(coid, -1, 0, i);
  const [first, second] = i % 4 < 2 ? [coid, chid] : [chid, coid];
  const detached = i % 4 < 2 ? ConnectDetach(first) : ChannelDestroy(first);
  const last = i % 4 < 2 ? ChannelDestroy(second) : ConnectDetach(second);
  return Math.min(chid, coid, sent, detached, last, 0);
}

export const roomActs = {
  /** Makes and takes back a channel with all that can be on it, so many times. 0, or an error. */
  churn(count: number): number {
    for (let i = 0; i < count; i++) {
      const error = churnOnce(i);
      if (error !== 0) return error;
    }
    return 0;
  },

  /** countRoom() into `room`. */
  countRoom(room: Room): number {
    Object.assign(room, countRoom());
    return 0;
  },
};
