/**
 * How each scenario is searched: the ways in which the world may be unkind, and how far.
 */
import type { Scenario } from "./scenario.js";
import type { Bounds } from "./search.js";

/** One way to search. */
export interface Mode {
  readonly name: string;
  readonly title: string;
  readonly bounds: Bounds;
  /** The same where only seconds are to be had; null: not at all. */
  readonly short: Bounds | null;
  /** It is about deaths: for scenarios in which somebody is mortal. */
  readonly needsMortal?: boolean;
}

const CALM: Bounds = { preemptions: 0, kills: 0, spurious: 0, isLossy: false, isFine: false };

export const MODES: readonly Mode[] = [
  {
    name: "order",
    title: "all orders of the atomic operations with up to 3 preemptions",
    bounds: { ...CALM, preemptions: 3 },
    short: { ...CALM, preemptions: 1 },
  },
  {
    name: "kill",
    title: "a kill at every step, and up to 2 preemptions",
    bounds: { ...CALM, preemptions: 2, kills: 1 },
    short: { ...CALM, kills: 1 },
    needsMortal: true,
  },
  {
    name: "fine",
    title: "plain reads and writes may be torn apart too: a kill and 1 preemption, or else 2",
    bounds: { ...CALM, preemptions: 1, kills: 1, isFine: true },
    short: null,
  },
  {
    name: "lossy",
    title: "wake-ups are lost as on XS, a kill, 1 preemption",
    bounds: { ...CALM, preemptions: 1, kills: 1, isLossy: true },
    short: null,
  },
  {
    name: "spurious",
    title: "a sleeper wakes for nothing at any point, 1 preemption",
    bounds: { ...CALM, preemptions: 1, spurious: 1 },
    short: null,
  },
];

/** What a scenario allows of a mode; null when it has no use for it. */
export function boundsFor(scenario: Scenario, mode: Mode, isShort: boolean): Bounds | null {
  const kills = scenario.kills ?? 1;
  if (mode.needsMortal === true && kills === 0) return null;
  const bounds = isShort ? mode.short : mode.bounds;
  if (bounds === null) return null;
  const { shortPreemptions = 0, fewerPreemptions = 0 } = scenario;
  const more = bounds.isFine && kills === 0 ? 1 : 0;
  const preemptions = isShort
    ? Math.max(bounds.preemptions - (fewerPreemptions > 1 ? 1 : 0), shortPreemptions)
    : Math.max(bounds.preemptions + more - fewerPreemptions, 0);
  return {
    ...bounds,
    preemptions,
    kills: bounds.kills * kills,
  };
}
