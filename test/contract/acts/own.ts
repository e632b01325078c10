/**
 * What a puppet owns, and how it gets rid of it: after a case the same puppet plays the next one.
 */
import {
  ConnectDetach,
  ConnectServerInfo,
  createServerInfo,
  ha_detach,
  MsgCurrent,
  name_detach,
  sharedRelease,
  stableCommit,
  systemLimits,
  TimerTimeout,
} from "reattach";

const chids = new Set<number>();
const coids = new Set<number>();

/** Notes a channel that this puppet made. */
export function keepChannel(chid: number): void {
  if (chid > 0) chids.add(chid);
}

/** Notes a connection that this puppet made HA-aware. */
export function keepRecovery(coid: number): void {
  coids.add(coid);
}

export const ownActs = {
  /** Gives everything back: the puppet is as new, but for its pid. */
  reset(): number {
    for (const coid of coids) ha_detach(coid);
    coids.clear();
    const info = createServerInfo();
    for (let coid = ConnectServerInfo(0, 0, info); coid >= 0;) {
      ConnectDetach(coid);
      coid = ConnectServerInfo(0, coid, info);
    }
    for (const chid of chids) name_detach(chid, 0);
    chids.clear();
    for (let i = 0; i < systemLimits().sharedBuffers; i++) sharedRelease(i);
    stableCommit(new Uint8Array(0), 0);
    TimerTimeout(0, 0);
    return MsgCurrent(0);
  },
};
