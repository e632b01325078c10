/**
 * How full the tables of the arena are, and ever were: whether a system's limits are well chosen.
 */
import { limitsIn } from "../../arena/arena.js";
import * as L from "../../arena/layout.js";

/** How full a table is. */
export interface Usage {
  readonly used: number;
  readonly total: number;
  /**
   * The most that were in use at once since the arena was made; null for what keeps no count of it:
   * pulses and shared buffers.
   */
  readonly highest: number | null;
}

/** How full the tables of a system are: whether its limits are well chosen. */
export interface SystemUsage {
  readonly channels: Usage;
  readonly connections: Usage;
  readonly names: Usage;
  readonly pulses: Usage;
  readonly sharedBuffers: Usage;
}

/**
 * Counts the entries in use, and those that ever were. A free entry is always the first one, so the
 * n-th has been used only if all before it were in use at once. The system must be the one in use
 * (vm.ts).
 */
export function viewUsage(): SystemUsage {
  const limits = limitsIn($words);
  const { channels, connections, names, sharedBuffers } = limits;
  const cells = channels * limits.pulses;
  const channelWords = $words[L.HEAD_CHANNEL_WORDS];
  const channelsAt = $words[L.HEAD_CHANNELS_AT];
  const connectionsAt = $words[L.HEAD_CONNECTIONS_AT];
  const namesAt = $words[L.HEAD_NAMES_AT];
  return {
    channels: {
      used: count(channelsAt + L.CHANNEL_OWNER, channels, channelWords),
      total: channels,
      highest: count(channelsAt + L.CHANNEL_LIFE, channels, channelWords),
    },
    connections: {
      used: count(connectionsAt + L.CONNECTION_OWNER, connections, L.CONNECTION_WORDS),
      total: connections,
      highest: count(connectionsAt + L.CONNECTION_SERIAL, connections, L.CONNECTION_WORDS),
    },
    names: {
      used: count(namesAt + L.NAME_OWNER, names, L.NAME_WORDS),
      total: names,
      highest: count(namesAt + L.NAME_LENGTH, names, L.NAME_WORDS),
    },
    pulses: {
      used: count($words[L.HEAD_PULSES_AT] + L.PULSE_STATE, cells, L.PULSE_WORDS),
      total: cells,
      highest: null,
    },
    sharedBuffers: {
      used: count($words[L.HEAD_SHARED_OWNERS_AT], sharedBuffers, 1),
      total: sharedBuffers,
      highest: null,
    },
  };
}

/** How many of these words are not 0. */
function count(at: number, total: number, stride: number): number {
  let found = 0;
  for (let i = 0; i < total; i++) if ($words[at + i * stride] !== 0) found++;
  return found;
}
